import type { SuppressionReason } from '@app/contracts';
import type { SuppressionRecord } from '@app/persistence';
import type { SuppressionView } from './suppression.dto';

export const SUPPRESSION_WORDS: Readonly<Record<SuppressionReason, string>> = {
  optedOut: 'You asked us to stop.',
  complained: 'A message was reported as spam.',
  bounced: 'Messages came back: there is no such mailbox.',
  deadNumber: 'The number does not exist or cannot receive texts.',
  softBounces: 'Several messages in a row came back.',
};

export function toSuppressionView(record: SuppressionRecord): SuppressionView {
  return { ...record, words: SUPPRESSION_WORDS[record.reason] };
}
