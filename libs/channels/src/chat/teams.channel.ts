import type { IncomingHttpHeaders } from 'node:http';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { openGuardedAgents } from '../calling/provider-agent';
import { readRetryAfter } from '../calling/retry-after';
import type { ChannelAdapter } from '../channel-adapter';
import { EgressGuard, type EgressSettings } from '../egress/egress-guard';
import { callGuarded, type GuardedAnswer, type GuardedWay } from '../egress/guarded-call';
import { isHookOf } from './hook-hosts';
import { passedOnVerdict, WORKFLOW_CODES } from './teams-answers';

export interface TeamsSettings {
  /** Hosts whose hooks are called; see `HookHosts`. */
  hosts: readonly string[];
  egress: EgressSettings;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

/**
 * Messages to a channel or chat of Microsoft Teams, by a workflow that is triggered by a web hook (or by a hook of the
 * older kind). The URL is the credential. Accepted means that the workflow has begun; it names its run in a header. There
 * is no idempotency: a repetition shows twice.
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export class TeamsAdapter implements ChannelAdapter {
  readonly channel = 'chat';
  readonly provider = 'teams';
  readonly idempotent = false;

  private readonly hosts: readonly string[];
  private readonly way: GuardedWay;

  constructor({ hosts, egress, timeoutMs = DEFAULT_TIMEOUT_MS }: TeamsSettings) {
    const guard = new EgressGuard(egress);
    this.hosts = hosts;
    this.way = { guard, agents: openGuardedAgents(guard), timeoutMs };
  }

  serves(to: string): boolean {
    return isHookOf(this.hosts, to);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.serves(message.to)) return { kind: 'rejected', reason: 'configuration' };
    const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Tidings' };
    const request = () => ({ url: message.to, headers, body: JSON.stringify(cardOf(message)) });
    return callGuarded(this.way, { message, signal, request }, vocabularyFor(message.attemptId));
  }

  async close(): Promise<void> {
    this.way.agents.close();
  }
}

/** Text runs and not text blocks: the latter read Markdown, and a customer's own words are words. */
function cardOf({ text, subject }: OutgoingMessage): object {
  const [first = '', ...rest] = text.split('\n');
  const line = (words: string, bold: object) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: words, ...bold }],
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: subject,
    body: [line(first, { weight: 'Bolder' }), ...rest.map((words) => line(words, {}))],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

function vocabularyFor(attemptId: string): ProviderVocabulary<GuardedAnswer> {
  return {
    readId: (answer, headers) => runOf(headers) ?? (isTaken(answer) ? attemptId : null),
    refusal: (answer) => passedOnVerdict(answer?.text ?? ''),
    verdict: (status, _failure, answer) => {
      const code = codeOf(answer?.text ?? '');
      return status < 500 && Object.hasOwn(WORKFLOW_CODES, code) ? (WORKFLOW_CODES[code] ?? null) : null;
    },
    retryAfterMs: (headers) => readRetryAfter(headers, Date.now()),
  };
}

function runOf(headers: IncomingHttpHeaders): string | null {
  const run = headers['x-ms-workflow-run-id'];
  return typeof run === 'string' && run !== '' ? run : null;
}

/** A workflow answers nothing at all, a hook of the older kind `1`. */
function isTaken(answer: GuardedAnswer | undefined): boolean {
  return answer !== undefined && ['', '1'].includes(answer.text.trim());
}

function codeOf(text: string): string {
  return /"code"\s*:\s*"(\w{1,60})"/.exec(text)?.[1] ?? '';
}
