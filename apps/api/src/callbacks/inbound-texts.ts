import type { InboundText } from '@app/channels';
import type { InboundStore, LastAlert, NumberOwner, SuppressionStore } from '@app/persistence';
import { readInboundText, type InboundWish } from '@app/preferences';
import type { AlertReplies } from './alert-replies';
import { SAID } from './inbound-words';

export interface InboundParts {
  inbound: InboundStore;
  suppressions: SuppressionStore;
  replies: AlertReplies;
}

/**
 * What becomes of a text: what was done, and what is said to it.
 * - `confirm`: the provider is told it as the answer to its call; a few fixed words that anybody may get
 * - `answer`: a notification to the number's owner
 */
interface Reaction {
  action: string;
  answer: string;
  by: 'confirm' | 'answer';
}

interface Context {
  message: InboundText;
  /** Null where nobody has proven the number. */
  owner: NumberOwner | null;
  alert: LastAlert | null;
  now: number;
}

const HOUR_MS = 3_600_000;
/** Two machines that answer each other must come to an end. */
const ANSWERS_PER_HOUR = 10;
/** Older alerts are not what an answer means. */
const ALERT_IS_MEANT_MS = 72 * HOUR_MS;
const LONGEST_TEXT = 1_600;

/** Deals with texts from customers: each once, whatever comes twice. */
export class InboundTexts {
  constructor(private readonly parts: InboundParts) {}

  /** @returns what the provider is to send as its answer; null for nothing */
  async take(message: InboundText, now: number): Promise<string | null> {
    if (await this.parts.inbound.isKnown(message.provider, message.providerMessageId)) return null;
    const context = await this.contextOf(message, now);
    const reaction = sayable(await this.react(readInboundText(message.text), context), message);
    const isSaid = await this.maySay(reaction, context);
    const isNew = await this.keep(isSaid ? reaction : { ...reaction, answer: '' }, context);
    return isNew && isSaid && reaction.by === 'confirm' ? reaction.answer : null;
  }

  private async contextOf(message: InboundText, now: number): Promise<Context> {
    const owners = await this.parts.inbound.ownersOf(message.from);
    const since = new Date(now - ALERT_IS_MEANT_MS);
    const alert = owners.length === 0 ? null : await this.parts.inbound.lastAlertTold(owners, since);
    return { message, owner: alert ?? owners[0] ?? null, alert, now };
  }

  private react(wish: InboundWish, context: Context): Promise<Reaction> | Reaction {
    switch (wish.kind) {
      case 'stop':
        return this.stop(context);
      case 'start':
        return this.start(context);
      case 'help':
        return { action: 'help', answer: SAID.help, by: 'confirm' };
      case 'unknown':
        return { action: 'notUnderstood', answer: SAID.unknown, by: 'answer' };
      case 'unclearNumber':
        return { action: 'notUnderstood', answer: SAID.unclear, by: 'answer' };
      case 'why':
      case 'snooze':
      case 'threshold':
        return this.aboutAlert(wish, context);
      default:
        return wish satisfies never;
    }
  }

  /** For all senders of ours, and whoever has the number. */
  private async stop({ message }: Context): Promise<Reaction> {
    await this.parts.suppressions.suppress({
      channel: 'sms',
      address: message.from,
      customerId: null,
      topic: null,
      reason: 'optedOut',
      source: 'sms',
    });
    return { action: 'stopped', answer: SAID.stopped, by: 'confirm' };
  }

  private async start({ message, owner }: Context): Promise<Reaction> {
    const lifting = { actor: 'sms', why: 'START' };
    const lifted = await this.parts.suppressions.liftOptOutsByText(message.from, lifting);
    return { action: 'started', answer: lifted > 0 && owner ? SAID.started : '', by: 'confirm' };
  }

  private async aboutAlert(
    wish: Extract<InboundWish, { kind: 'why' | 'snooze' | 'threshold' }>,
    { alert, now }: Context,
  ): Promise<Reaction> {
    if (!alert) return { action: 'nothingTold', answer: SAID.nothingTold, by: 'answer' };
    return { ...(await this.parts.replies.reply(wish, alert, now)), by: 'answer' };
  }

  private async maySay({ answer, by }: Reaction, { message, owner, now }: Context): Promise<boolean> {
    const isForThem = by === 'confirm' ? message.answeredBy === 'reply' : owner !== null;
    if (answer === '' || !isForThem) return false;
    const since = new Date(now - HOUR_MS);
    return (await this.parts.inbound.answersSince(message.from, since)) < ANSWERS_PER_HOUR;
  }

  private keep({ action, answer, by }: Reaction, { message, owner }: Context): Promise<boolean> {
    const { provider, providerMessageId, from: sender, text } = message;
    const record = {
      ...{ provider, providerMessageId, sender, action, answer },
      customerId: owner?.customerId ?? null,
      text: text.replaceAll('\u0000', '').slice(0, LONGEST_TEXT),
    };
    return this.parts.inbound.keep(record, by === 'answer' && answer !== '' ? owner : null);
  }
}

/** What nothing but a message can say goes to the number's owner; and after its STOP a number gets no message. */
function sayable(reaction: Reaction, { answeredBy }: InboundText): Reaction {
  if (reaction.by !== 'confirm' || answeredBy !== 'message') return reaction;
  return reaction.action === 'stopped' ? { ...reaction, answer: '' } : { ...reaction, by: 'answer' };
}
