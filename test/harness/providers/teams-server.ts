import { randomBytes } from 'node:crypto';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface TeamsMessage {
  type?: unknown;
  attachments?: unknown;
}

/** The path of the one workflow there is; its signature is its secret. */
export const TEAMS_HOOK =
  '/powerautomate/automations/direct/workflows/0a1b/triggers/manual/paths/invoke?api-version=1&sig=teams-secret-of-the-harness';

const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidRequestContent',
  401: 'DirectApiAuthorizationRequired',
  404: 'WorkflowNotFound',
  429: 'WorkflowTriggerThrottled',
  500: 'InternalServerError',
};
const LARGEST = 28 * 1024;

/**
 * Speaks a workflow of Power Automate that is triggered by a web hook and posts a card in Teams: checks the signature in
 * the URL and the card, answers 202 with nothing but the run's id in a header. `isOfOlderKind` makes it one of the hooks
 * that answer 200 whatever Teams said, and put that in the body.
 * @see https://support.microsoft.com/office/8ae491c7-0394-4861-ba59-055e33f75498
 */
export class FakeTeams extends ProviderServer<TeamsMessage> {
  isOfOlderKind = false;
  /** What Teams answers to the hook of the older kind. */
  behindIt = 200;

  protected read(request: ProviderRequest): TeamsMessage | null {
    try {
      const fields: unknown = JSON.parse(request.body);
      return typeof fields === 'object' && fields !== null ? (fields as TeamsMessage) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, fields: TeamsMessage | null): ProviderAnswer {
    if (request.path.split('?')[0] !== TEAMS_HOOK.split('?')[0]) return this.refuse(404);
    if (request.path !== TEAMS_HOOK) return this.refuse(401);
    if (request.body.length > LARGEST) return refusal(413, 'RequestEntityTooLarge');
    if (!request.headers['content-type']?.startsWith('application/json') || !isCard(fields))
      return this.refuse(400);
    if (this.isOfOlderKind) return this.passOn();
    const id = `0858${randomBytes(12).toString('hex').toUpperCase()}CU07`;
    return { status: 202, accepted: true, id, headers: { 'x-ms-workflow-run-id': id } };
  }

  protected refuse(status: number): ProviderAnswer {
    return refusal(status, CODES[status]);
  }

  private passOn(): ProviderAnswer {
    if (this.behindIt < 300) return { status: 200, accepted: true, body: '1' };
    const body = `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${this.behindIt} with ContextId tcid=0,server=DB3PEPF00000001,cv=abc..`;
    return { status: 200, accepted: false, body };
  }
}

const CARD = 'application/vnd.microsoft.card.adaptive';

/** As the schema asks: a message with one Adaptive Card of visible text. */
function isCard(message: TeamsMessage | null): boolean {
  if (message?.type !== 'message' || !Array.isArray(message.attachments)) return false;
  const [attachment] = message.attachments as ({ contentType: string; content: Card } | undefined)[];
  if (attachment?.contentType !== CARD || attachment.content.type !== 'AdaptiveCard') return false;
  const { version, body } = attachment.content;
  return /^1\.[0-5]$/.test(version) && isVisibleText(body);
}

interface Card {
  type: string;
  version: string;
  body: unknown[];
}

interface TextRun {
  type?: string;
  text?: unknown;
  weight?: unknown;
}

function isTextRun({ type, text, weight = 'default' }: TextRun): boolean {
  const isWeight = ['default', 'lighter', 'bolder'].includes(String(weight).toLowerCase());
  return type === 'TextRun' && typeof text === 'string' && isWeight;
}

function isVisibleText(body: unknown[]): boolean {
  const runs = body as { type?: string; inlines?: TextRun[] }[];
  return (
    runs.length > 0 &&
    runs.every(({ type, inlines = [] }) => type === 'RichTextBlock' && inlines.every(isTextRun)) &&
    runs.some(({ inlines = [] }) => inlines.some(({ text }) => text !== ''))
  );
}

function refusal(status: number, code?: string): ProviderAnswer {
  const body = code ? { error: { code, message: 'The request was refused.' } } : '<html>an error page</html>';
  return { status, accepted: false, body };
}
