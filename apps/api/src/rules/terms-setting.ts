import type { Metric } from '@app/contracts';
import type { RuleSetting } from '@app/persistence';

/** What a wish is read against. */
export interface TermsSetting {
  /** Every metric that the wish names, as far as it is defined. */
  metrics: ReadonlyMap<string, Metric>;
  customer: RuleSetting;
  maxWindowMs: number;
  /** An expiry must lie after it, epoch ms. */
  now: number;
}
