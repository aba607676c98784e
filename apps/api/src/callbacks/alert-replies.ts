import { conditionWords, localTime } from '@app/channels';
import { toScaled } from '@app/contracts';
import type { InboundStore, LastAlert } from '@app/persistence';
import { defaultPolicy, whyWords, type InboundWish } from '@app/preferences';
import { Problem } from '../http/problem';
import type { Rules } from '../rules/rules.service';
import type { RuleView } from '../rules/rule-view.dto';
import { nameOf, SAID, snoozedUntil, thresholdChanged, thresholdKept } from './inbound-words';

type Reply = Extract<InboundWish, { kind: 'why' | 'snooze' | 'threshold' }>;

/** What is done about the rule of an alert by answering its message, and what is said about it. */
export class AlertReplies {
  constructor(
    private readonly rules: Rules,
    private readonly inbound: Pick<InboundStore, 'reasonOf'>,
  ) {}

  async reply(wish: Reply, alert: LastAlert, now: number): Promise<{ action: string; answer: string }> {
    try {
      switch (wish.kind) {
        case 'why':
          return { action: 'explained', answer: await this.why(alert) };
        case 'snooze':
          return { action: 'snoozed', answer: await this.snooze(alert, now + wish.forMs) };
        case 'threshold':
          return await this.change(alert, wish.amount);
        default:
          return wish satisfies never;
      }
    } catch (refusal) {
      if (!(refusal instanceof Problem)) throw refusal;
      const isGone = refusal.parts.status === 404;
      return { action: 'refused', answer: isGone ? SAID.ruleGone : refusal.parts.detail };
    }
  }

  /** The condition that was met, and why it came this way. */
  private async why(alert: LastAlert): Promise<string> {
    const { topic, facts } = alert;
    const kept = await this.inbound.reasonOf(alert);
    const title = kept?.topicTitle ?? defaultPolicy(topic).title;
    const asked = `${nameOf(facts)}: you asked to be told when ${conditionWords(facts)}.`;
    return [asked, ...(kept ? [whyWords(kept, title)] : [])].join(' ');
  }

  private async snooze({ customerId, ruleId, facts, timeZone }: LastAlert, until: number): Promise<string> {
    await this.rules.snooze(customerId, ruleId, { until: new Date(until).toISOString() });
    return snoozedUntil(nameOf(facts), localTime(until, timeZone, 'short'));
  }

  private async change(
    { customerId, ruleId, facts }: LastAlert,
    amount: string,
  ): Promise<{ action: string; answer: string }> {
    const before = await this.rules.find(customerId, ruleId);
    if (!hasOneThreshold(before)) return { action: 'refused', answer: SAID.notByNumber };
    const name = nameOf(facts);
    const inUnit = (value: unknown): string => `${String(value)} ${facts.unit}`.trim();
    if (isSame(String(before.threshold), amount, facts.scale))
      return { action: 'unchanged', answer: thresholdKept(name, inUnit(before.threshold)) };
    const after = await this.rules.change(customerId, ruleId, { threshold: amount });
    const change = { before: inUnit(before.threshold), after: inUnit(after.threshold) };
    return { action: 'thresholdChanged', answer: thresholdChanged(name, change) };
  }
}

function hasOneThreshold({ when, levels, threshold, upper }: RuleView): boolean {
  return when === null && levels === null && typeof threshold === 'string' && upper === null;
}

function isSame(one: string, other: string, scale: number): boolean {
  const [left, right] = [toScaled(one, scale), toScaled(other, scale)];
  return left.ok && right.ok && left.value === right.value;
}
