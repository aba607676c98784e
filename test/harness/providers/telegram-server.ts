import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface TelegramFields {
  chat_id?: unknown;
  text?: unknown;
  [other: string]: unknown;
}

export const TELEGRAM_BOT = { token: '123456789:telegram-token-of-the-harness-0123456789' };

const SENTENCES: Readonly<Record<number, string>> = {
  400: 'Bad Request: chat not found',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  429: 'Too Many Requests: retry after 5',
  500: 'Internal Server Error',
};

/**
 * Speaks `sendMessage` of Telegram's bot API: token in the path, chats that have begun to talk with the bot, the length
 * of a text, and refusals with a code, a sentence and parameters.
 * @see https://core.telegram.org/bots/api#sendmessage
 */
export class FakeTelegram extends ProviderServer<TelegramFields> {
  /** Chats that have started the bot, or let it in. */
  readonly chats = new Set(['4242', '-100200300']);
  readonly blockers = new Set<string>();

  private lastId = 100;

  protected read(request: ProviderRequest): TelegramFields | null {
    if (!request.headers['content-type']?.startsWith('application/json')) return null;
    try {
      const fields: unknown = JSON.parse(request.body);
      return typeof fields === 'object' && fields !== null ? (fields as TelegramFields) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, fields: TelegramFields | null): ProviderAnswer {
    const path = /^\/bot([^/]+)\/(\w+)$/.exec(request.path);
    if (!path) return this.refuse(404);
    if (path[1] !== TELEGRAM_BOT.token) return this.refuse(401);
    if (path[2] !== 'sendMessage' || request.method !== 'POST') return this.refuse(404);
    return this.judgeMessage(fields ?? {});
  }

  private judgeMessage(fields: TelegramFields): ProviderAnswer {
    const { chat_id: chatId, text, link_preview_options: preview = {} } = fields;
    if (typeof preview !== 'object' || typeof chatId === 'object')
      return refusal(400, "Bad Request: can't parse link preview options JSON object");
    if (typeof text !== 'string' || text.trim() === '')
      return refusal(400, 'Bad Request: message text is empty');
    if ([...text].length > 4_096) return refusal(400, 'Bad Request: message is too long');
    if ('parse_mode' in fields) return refusal(400, "Bad Request: can't parse entities");
    const chat = String(chatId);
    if (this.blockers.has(chat)) return this.refuse(403);
    if (!this.chats.has(chat)) return refusal(400, 'Bad Request: chat not found');
    this.lastId += 1;
    const result = {
      message_id: this.lastId,
      date: Math.floor(Date.now() / 1000),
      chat: { id: Number(chat) },
      text,
    };
    return { status: 200, accepted: true, id: String(this.lastId), body: { ok: true, result } };
  }

  protected refuse(status: number): ProviderAnswer {
    const sentence = SENTENCES[status];
    if (!sentence) return { status, accepted: false, body: '<html><body>an error page</body></html>' };
    return refusal(status, sentence);
  }
}

/** How long to wait comes in the body, and, unless the test sets one, in no header. */
export function refusal(code: number, description: string, parameters?: object): ProviderAnswer {
  const body = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
  return { status: code, accepted: false, body };
}
