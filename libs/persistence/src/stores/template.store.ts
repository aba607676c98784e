import type { Channel, NotificationBody, NotificationKind } from '@app/contracts';
import type { Database } from '../database';
import { audit } from './audit.store';

/** Which template: one for each kind, channel and language. */
export interface TemplateKey {
  kind: NotificationKind;
  channel: Channel;
  /** BCP 47, in lower case. */
  language: string;
}

export interface TemplateWords {
  subject: string;
  text: string;
  html: string;
}

export interface KeptTemplate extends TemplateKey, TemplateWords {
  /** 1 with the first words, one more with each change. */
  version: number;
  updatedBy: string;
  updatedAt: Date;
}

/** A template that could not be used, and how often. */
export interface KeptTemplateFault extends TemplateKey {
  fault: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

/** A notification and its reader, for words to be tried on. */
export interface ToldNotification {
  topic: string;
  body: NotificationBody;
  recipient: { name: string; timeZone: string; language: string };
}

/** Admins' words and what was wrong with them. Every change wakes whoever listens to `wording`. */
export class TemplateStore {
  constructor(private readonly database: Database) {}

  /** By kind, channel and language. */
  list(): Promise<KeptTemplate[]> {
    return this.database.query<KeptTemplate>(`${TEMPLATES} order by kind, channel, language`);
  }

  async find({ kind, channel, language }: TemplateKey): Promise<KeptTemplate | null> {
    const [row] = await this.database.query<KeptTemplate>(
      `${TEMPLATES} where kind = $1 and channel = $2 and language = $3`,
      [kind, channel, language],
    );
    return row ?? null;
  }

  /** Writes the words anew; what was wrong with those before is forgotten. */
  async save(key: TemplateKey, words: TemplateWords, actor: string): Promise<void> {
    const { kind, channel, language } = key;
    await this.database.transaction(async (transaction) => {
      await transaction.query(
        `insert into templates (kind, channel, language, subject, text, html, updated_by)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (kind, channel, language) do update
           set subject = excluded.subject, text = excluded.text, html = excluded.html,
               version = templates.version + 1, updated_by = excluded.updated_by, updated_at = now()`,
        [kind, channel, language, words.subject, words.text, words.html, actor],
      );
      await transaction.query(FORGET_FAULTS, [kind, channel, language]);
      await audit(transaction, [{ actor, action: 'template.saved', customerId: null, detail: { ...key } }]);
      await transaction.query(`select pg_notify('wording', '')`);
    });
  }

  /** The built-in words, or those of another language, are used again. @returns false where there was nothing */
  async remove(key: TemplateKey, actor: string): Promise<boolean> {
    const values = [key.kind, key.channel, key.language];
    return this.database.transaction(async (transaction) => {
      const gone = await transaction.query(
        'delete from templates where kind = $1 and channel = $2 and language = $3 returning kind',
        values,
      );
      if (gone.length === 0) return false;
      await transaction.query(FORGET_FAULTS, values);
      await audit(transaction, [{ actor, action: 'template.removed', customerId: null, detail: { ...key } }]);
      await transaction.query(`select pg_notify('wording', '')`);
      return true;
    });
  }

  /** Changes whenever a template or a topic's policy does, whoever changed it. */
  async edition(): Promise<string> {
    const [row] = await this.database.query<{ edition: string }>(EDITION);
    return row?.edition ?? '';
  }

  /** @param count of this fault since the last call */
  async addFault({ kind, channel, language }: TemplateKey, fault: string, count: number): Promise<void> {
    await this.database.query(
      `insert into template_faults (kind, channel, language, fault, count) values ($1, $2, $3, $4, $5)
       on conflict (kind, channel, language, fault) do update
         set count = template_faults.count + excluded.count, last_at = now()`,
      [kind, channel, language, fault, count],
    );
  }

  /** A public post has no reader: then nobody's name, in UTC. */
  async notification(notificationId: string): Promise<ToldNotification | null> {
    const [row] = await this.database.query<ToldRow>(
      `select n.topic, n.kind, n.facts, coalesce(c.name, '') as name, coalesce(c.time_zone, 'UTC') as "timeZone",
              coalesce(c.language, 'en') as language
       from notifications n left join customers c on c.id = n.customer_id where n.id = $1`,
      [notificationId],
    );
    if (!row) return null;
    const { topic, kind, facts, ...recipient } = row;
    return { topic, body: { kind, facts } as NotificationBody, recipient };
  }

  /** The latest first, at most 200. */
  faults(): Promise<KeptTemplateFault[]> {
    return this.database.query<KeptTemplateFault>(
      `select kind, channel, language, fault, count, first_at as "firstAt", last_at as "lastAt"
       from template_faults order by last_at desc limit 200`,
    );
  }
}

interface ToldRow {
  topic: string;
  kind: NotificationKind;
  facts: unknown;
  name: string;
  timeZone: string;
  language: string;
}

const TEMPLATES = `select kind, channel, language, version, subject, text, html, updated_by as "updatedBy",
  updated_at as "updatedAt" from templates`;

const FORGET_FAULTS = 'delete from template_faults where kind = $1 and channel = $2 and language = $3';

const EDITION = `
select (select count(*) || ':' || coalesce(max(updated_at)::text, '') from templates) || '/' ||
       (select count(*) || ':' || coalesce(max(updated_at)::text, '') from topics) as edition`;
