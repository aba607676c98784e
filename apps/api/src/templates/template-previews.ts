import {
  compileTemplate,
  measureSms,
  sampleBodies,
  SAMPLE_LINKS,
  SAMPLE_RECIPIENT,
  TemplateSet,
  tryTemplate,
  writeBuiltIn,
  type MessageOrder,
} from '@app/channels';
import type { NotificationBody, NotificationKind } from '@app/contracts';
import type { TemplateStore, TopicStore } from '@app/persistence';
import { invalid, notFound } from '../http/problem';
import type { TemplatePreviewDto, TemplatePreviewView } from './template.dto';

type Words = Pick<TemplatePreviewView, 'words' | 'fault' | 'language' | 'subject' | 'text' | 'html'>;
type Frame = MessageOrder & { signedBy: string };

/** Writes a message as it would go out, with the dispatcher's own writer, and sends nothing. */
export class TemplatePreviews {
  constructor(
    private readonly store: TemplateStore,
    private readonly topics: TopicStore,
  ) {}

  async write(wish: TemplatePreviewDto): Promise<TemplatePreviewView> {
    const frame = await this.frameOf(wish);
    const kind = frame.body.kind;
    const words = wish.text === undefined ? await this.keptWords(frame) : givenWords(wish.text, wish, frame);
    const sms = wish.channel === 'sms' ? measureSms(words.text) : null;
    return { kind, channel: wish.channel, ...words, sms };
  }

  private async frameOf({ channel, kind, notificationId, language }: TemplatePreviewDto): Promise<Frame> {
    if (notificationId === undefined) {
      if (kind === undefined) throw missing('kind');
      const recipient = { ...SAMPLE_RECIPIENT, language: language ?? SAMPLE_RECIPIENT.language };
      return {
        body: sampleOf(kind),
        channel,
        recipient,
        topic: '',
        signedBy: 'Your team',
        links: SAMPLE_LINKS,
      };
    }
    const found = await this.store.notification(notificationId);
    if (!found) throw notFound('notification');
    const { topic } = found;
    const signedBy = (await this.topics.find(topic))?.signedBy ?? '';
    const recipient = { ...found.recipient, language: language ?? found.recipient.language };
    // A code proves an address: whoever may read words may not prove a customer's.
    const body = found.body.kind === 'verificationCode' ? sampleOf('verificationCode') : found.body;
    return { body, channel, recipient, topic, signedBy, links: SAMPLE_LINKS };
  }

  private async keptWords(frame: Frame): Promise<Words> {
    const templates = new TemplateSet(await this.store.list());
    const found = templates.find(frame.body.kind, frame.channel, frame.recipient.language);
    if (!found) return { words: 'builtIn', fault: null, ...writeBuiltIn(frame) };
    const tried = tryTemplate(found.compiled, frame);
    if (tried.ok) return { words: 'template', fault: null, ...tried.message };
    return { words: 'builtIn', fault: tried.fault, ...writeBuiltIn(frame) };
  }
}

function givenWords(text: string, { subject = '', html = '' }: TemplatePreviewDto, frame: Frame): Words {
  const { channel, recipient, body } = frame;
  const template = { kind: body.kind, channel, language: recipient.language, subject, text, html };
  const tried = tryTemplate(() => compileTemplate(template), frame);
  if (tried.ok) return { words: 'given', fault: null, ...tried.message };
  return { words: 'builtIn', fault: tried.fault, ...writeBuiltIn(frame) };
}

function sampleOf(kind: NotificationKind): NotificationBody {
  const [body] = sampleBodies(kind);
  if (!body) throw new Error(`no sample of ${kind}`);
  return body;
}

function missing(field: string): Error {
  return invalid([{ field, problem: 'is missing', wouldBeRight: 'a kind, or the id of a notification' }]);
}
