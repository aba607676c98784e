import type { Channel, Digest, SuppressionReason } from '@app/contracts';
import type { ReachedCap } from './caps';
import type { DecisionDetail, DecisionReason } from './decision';

/** A decision as it was kept. */
export interface KeptDecision {
  channel: Channel | null;
  decision: string;
  reason: string;
  /** Null of decisions that were made before the detail was kept; less than all of it of those made after the plan. */
  detail: Partial<DecisionDetail> | null;
}

const MESSAGES: Record<Channel, string> = {
  sms: 'text messages',
  email: 'e-mails',
  social: 'messages to your account',
  push: 'push messages',
  webhook: 'calls of your web hook',
  chat: 'chat messages',
  voice: 'phone calls',
  inbox: 'inbox messages',
};

interface Told {
  topic: string;
  /** Of the channel. */
  on: string;
  detail: Partial<DecisionDetail>;
}

/**
 * Says to the customer in one sentence or two what became of a notification on one way, and why.
 * @param title of the topic, as the customer knows it
 * @returns times are the customer's, with their zone named
 */
export function whyWords({ channel, reason, decision, detail }: KeptDecision, title: string): string {
  const sentence = SENTENCES[reason as DecisionReason | LaterReason] as ((told: Told) => string) | undefined;
  const on = channel ? MESSAGES[channel] : 'any channel';
  return sentence?.({ topic: `“${title}”`, on, detail: detail ?? {} }) ?? `Decided: ${decision} (${reason}).`;
}

/** What was decided after the plan: as a digest closed, a delivery's time had come, or a step had reached its goal. */
type LaterReason =
  'overMeanwhile' | 'toldWithItsEnd' | 'serviceAlertCancelled' | 'accepted' | 'delivered' | 'seen';

const SENTENCES: Record<DecisionReason | LaterReason | 'publicPost', (told: Told) => string> = {
  switchedOn: ({ topic, on }) => `Sent: you switched ${topic} on for ${on}.`,
  byDefault: ({ topic, on, detail }) =>
    detail.ruleIds?.[0] === 'rule.channels'
      ? `Sent: your rule asks for ${on}.`
      : `Sent: ${topic} is on for ${on} unless you switch it off.`,
  critical: ({ topic, detail }) =>
    `Sent at once: ${topic} cannot be switched off and does not wait. ${detail.criticalReason ?? ''}`.trim(),
  nextBest: ({ topic }) =>
    `Sent here, because ${topic} is critical and you could not be reached where it usually goes.`,
  noStepReaches: () => 'Sent here, because none of the channels in your order can reach you.',
  wasTold: () => 'Sent: this way told you that it began, so it tells you that it is over.',
  provesThisAddress: () => 'Sent: you asked for a code to prove this address.',
  answersThis: () => 'Sent: it answers the message you sent from here.',
  gatheredHere: ({ topic }) => `Sent: it gathers what ${topic} had for you here.`,
  anotherWayLost: () => 'Sent: one of your other addresses no longer works, and you should know.',
  overMeanwhile: () =>
    'Left out: it was over before it was told, and you would rather not hear of what is over.',
  toldWithItsEnd: () => 'Sent in other words: it was over before its time came, so it says when it ended.',
  accepted: () => 'No other channel follows: the message was on its way.',
  delivered: () => 'No other channel follows: the message had arrived.',
  seen: () => 'No other channel follows: you had seen the message.',
  publicPost: () => 'Posted for everybody to read.',
  serviceAlertCancelled: () => 'Not sent: it was taken back before it went out.',

  quietHours: ({ detail }) =>
    detail.window
      ? `Held until ${until(detail)}: your quiet hours are ${detail.window.from} to ${detail.window.to}.`
      : 'Held: these were your quiet hours.',
  holiday: ({ detail }) =>
    detail.holiday
      ? `Held until ${until(detail)}: ${dateWords(detail.holiday)} is one of your quiet days.`
      : 'Held: this was one of your quiet days.',
  digest: ({ topic, detail }) =>
    detail.digest
      ? `Kept for your ${digestWords(detail.digest)} of ${topic}, which comes at ${until(detail)}.`
      : `Kept for your digest of ${topic}.`,
  cap: ({ detail }) =>
    detail.cap
      ? `${capWords(detail.cap)} It comes with what else is over, at ${until(detail)}.`
      : 'Over your limit: it comes with what else is over.',
  laterStep: ({ detail }) => `Not yet: this comes only if ${stepWords(detail)}.`,

  notTheirs: () => 'Not sent: the address is not yours.',
  notVerified: () => 'Not sent: you have not confirmed this address yet.',
  addressSuppressed: ({ detail }) => `Not sent: ${suppressionWords(detail.suppression)}.`,
  channelNotAsked: ({ on }) => `Not sent: your rule does not ask for ${on}.`,
  switchedOff: ({ topic, on }) => `Not sent: you switched ${topic} off for ${on}.`,
  notByDefault: ({ topic, on }) => `Not sent: ${topic} is off for ${on} unless you switch it on.`,
  wasNotTold: () =>
    'Not sent: this way had not told you that it began, so it does not tell you that it is over.',
  codeExpired: () => 'Not sent: the code had expired.',
  notInSteps: ({ on }) => `Not sent: your order of channels leaves ${on} out.`,
  digestOnEarlierStep: () =>
    'Not sent here: it is in a digest on the channel that comes first in your order.',
  noUsableContactPoint: ({ on }) => `Not sent: you have no address for ${on}.`,
};

/** `07:00 (Europe/Berlin)`, with its day where that is not the same night. */
function until({ localTime = '', notBeforeLocal = '', timeZone = '' }: Partial<DecisionDetail>): string {
  const hours = (Date.parse(`${notBeforeLocal}:00Z`) - Date.parse(`${localTime}:00Z`)) / 3_600_000;
  const time = notBeforeLocal.slice(11);
  return `${time}${hours < 24 ? '' : ` on ${dateWords(notBeforeLocal.slice(0, 10))}`} (${timeZone})`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

function dateWords(date: string): string {
  const [year, month = 1, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

function digestWords({ every }: Digest): string {
  return { hour: 'hourly digest', day: 'daily digest', week: 'weekly digest', time: 'digest' }[every];
}

function capWords(cap: ReachedCap): string {
  const what = cap.channel === 'all' ? 'messages' : MESSAGES[cap.channel];
  const span = cap.span === 'hour' ? 'an hour' : 'a day';
  return `Over your limit of ${cap.limit} ${what} ${span}: ${cap.used} had gone.`;
}

function stepWords({ step }: Partial<DecisionDetail>): string {
  if (!step) return 'the channels before it do not reach you';
  const goal = { accepted: 'sent', delivered: 'delivered', seen: 'seen' }[step.stopOn];
  return `what goes before it is not ${goal} within ${durationWords(step.waitMs)}`;
}

function durationWords(ms: number): string {
  const [size, unit] =
    ms % 3_600_000 === 0 ? [3_600_000, 'hour'] : ms % 60_000 === 0 ? [60_000, 'minute'] : [1_000, 'second'];
  const count = Math.round(ms / (size as number));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const SUPPRESSIONS: Record<SuppressionReason | 'gone' | 'failing' | 'disabled', string> = {
  optedOut: 'you asked us to stop writing here',
  complained: 'a message to this address was reported as unwanted',
  bounced: 'messages to this address came back',
  deadNumber: 'this number can no longer be reached',
  softBounces: 'messages to this address came back time and again',
  gone: 'this address no longer exists',
  failing: 'this address was switched off, since it had taken nothing in for days',
  disabled: 'this address was switched off',
};

function suppressionWords(reason = ''): string {
  return (
    SUPPRESSIONS[reason as keyof typeof SUPPRESSIONS] ?? `nothing may be sent to this address (${reason})`
  );
}
