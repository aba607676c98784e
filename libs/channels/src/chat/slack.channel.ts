import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { openGuardedAgents } from '../calling/provider-agent';
import { readRetryAfter } from '../calling/retry-after';
import type { ChannelAdapter } from '../channel-adapter';
import { EgressGuard, type EgressSettings } from '../egress/egress-guard';
import { callGuarded, type GuardedAnswer, type GuardedWay } from '../egress/guarded-call';
import { isHookOf } from './hook-hosts';
import { SLACK_WORDS } from './slack-words';

export interface SlackSettings {
  /** Hosts whose hooks are called; see `HookHosts`. */
  hosts: readonly string[];
  egress: EgressSettings;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

/**
 * Messages to a channel of Slack, or of whatever else takes its format, by an incoming hook that somebody there made for
 * us. The URL is the credential. Slack gives a message no id, so that the attempt's own stands in, and knows no
 * idempotency: a repetition shows twice.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export class SlackAdapter implements ChannelAdapter {
  readonly channel = 'chat';
  readonly provider = 'slack';
  readonly idempotent = false;

  private readonly hosts: readonly string[];
  private readonly way: GuardedWay;

  constructor({ hosts, egress, timeoutMs = DEFAULT_TIMEOUT_MS }: SlackSettings) {
    const guard = new EgressGuard(egress);
    this.hosts = hosts;
    this.way = { guard, agents: openGuardedAgents(guard), timeoutMs };
  }

  serves(to: string): boolean {
    return isHookOf(this.hosts, to);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.serves(message.to)) return { kind: 'rejected', reason: 'configuration' };
    const body = JSON.stringify({
      text: escaped(message.text),
      mrkdwn: false, // a customer's own words are words, not markup
      unfurl_links: false,
      unfurl_media: false,
    });
    const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Tidings' };
    const request = () => ({ url: message.to, headers, body });
    return callGuarded(this.way, { message, signal, request }, vocabularyFor(message.attemptId));
  }

  async close(): Promise<void> {
    this.way.agents.close();
  }
}

/** The three letters with which Slack writes links and mentions: `<!channel>` would wake everybody there. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function vocabularyFor(attemptId: string): ProviderVocabulary<GuardedAnswer> {
  return {
    readId: (answer) => (answer?.text.trim() === 'ok' ? attemptId : null),
    verdict: (status, _failure, answer) => {
      const word = answer?.text.trim() ?? '';
      return status < 500 && Object.hasOwn(SLACK_WORDS, word) ? (SLACK_WORDS[word] ?? null) : null;
    },
    retryAfterMs: (headers) => readRetryAfter(headers, Date.now()),
  };
}
