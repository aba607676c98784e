export { planDelivery } from './plan-delivery';
export type { Decision, PlannedSend, SentReason, SuppressedReason } from './plan-delivery';
export { toldKey } from './recipient';
export type { Recipient, Way } from './recipient';
export { defaultTopics } from './default-topics';
export type { TopicWords } from './default-topics';
