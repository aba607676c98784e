import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface SlackPayload {
  text?: unknown;
  [other: string]: unknown;
}

/** The path of the one hook there is; its last part is its secret. */
export const SLACK_HOOK = '/services/T00000000/B00000000/slack-secret-of-the-harness';

const WORDS: Readonly<Record<number, string>> = {
  400: 'invalid_payload',
  403: 'action_prohibited',
  404: 'no_service',
  410: 'channel_is_archived',
  429: 'rate_limited',
  500: 'rollup_error',
};

/**
 * Speaks Slack's incoming hooks: a JSON object with a text to a path that holds its own secret, answered by one word.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export class FakeSlack extends ProviderServer<SlackPayload> {
  isArchived = false;

  protected read(request: ProviderRequest): SlackPayload | null {
    try {
      const fields: unknown = JSON.parse(request.body);
      return typeof fields === 'object' && fields !== null ? (fields as SlackPayload) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, fields: SlackPayload | null): ProviderAnswer {
    if (request.path !== SLACK_HOOK) {
      const known = request.path.startsWith(SLACK_HOOK.slice(0, SLACK_HOOK.lastIndexOf('/')));
      return word(known ? 403 : 404, known ? 'invalid_token' : 'no_service');
    }
    if (request.method !== 'POST') return word(405, 'method_not_allowed');
    if (this.isArchived) return word(410, 'channel_is_archived');
    return judgePayload(request, fields);
  }

  protected refuse(status: number): ProviderAnswer {
    return word(status, WORDS[status] ?? '<html><body>an error page</body></html>');
  }
}

function judgePayload(request: ProviderRequest, fields: SlackPayload | null): ProviderAnswer {
  if (fields === null || !request.headers['content-type']?.startsWith('application/json'))
    return word(400, 'invalid_payload');
  if (typeof fields.text !== 'string' || fields.text === '') return word(400, 'no_text');
  if (fields.text.length > 40_000) return word(400, 'msg_too_long');
  // A bare `<` begins a link or a mention, which nothing of ours means to write.
  if (/<[!@#]/.test(fields.text)) return word(400, 'invalid_payload');
  return { status: 200, accepted: true, body: 'ok' };
}

function word(status: number, body: string): ProviderAnswer {
  return { status, accepted: false, body };
}
