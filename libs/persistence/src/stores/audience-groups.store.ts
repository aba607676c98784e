import type { Channel, PreferenceSheet } from '@app/contracts';
import type { Database } from '../database';
import { audienceQuery, type Audience } from './audience';

/** People of an audience for whom a notification of one topic comes to the same: they have, chose and used the same. */
export interface AudienceGroup {
  people: number;
  /** IANA; of who has no sheet `UTC`, since nothing is read in it. */
  timeZone: string;
  contactPoints: { channel: Channel; isVerified: boolean; suppression: string | null }[];
  /** Of the topic. */
  switches: { channel: Channel; enabled: boolean }[];
  /** What of it counts for the topic; null: none was ever saved. */
  sheet: PreferenceSheet | null;
  used: { channel: Channel | 'all'; span: 'hour' | 'day'; startsAt: number; used: number }[];
}

export interface AudienceSize {
  people: number;
  /** Those who have a sheet of preferences: each of them may stand alone. */
  withSheet: number;
}

/** An audience by what decides how it is reached: some dozens of groups, where it may have a million people. */
export class AudienceGroupsStore {
  constructor(private readonly database: Database) {}

  async sizeOf(audience: Audience): Promise<AudienceSize> {
    const { sql, values } = audienceQuery(audience, 0);
    const [size] = await this.database.query<AudienceSize>(
      `select count(*) as people, count(s.customer_id) as "withSheet"
       from (${sql}) a left join preference_sheets s on s.customer_id = a.id`,
      values,
    );
    return size ?? { people: 0, withSheet: 0 };
  }

  /**
   * By one statement, whose answer has a row for each group.
   * @param oneIn of those with a sheet only this share is looked at, always the same people; 1: all of them
   */
  async groupsOf(audience: Audience, topic: string, oneIn: number): Promise<AudienceGroup[]> {
    const { sql, values } = audienceQuery(audience, 2);
    const rows = await this.database.query<GroupRow>(groups(sql), [topic, oneIn, ...values]);
    return rows.map(({ points, switches, used, ...group }) => ({
      ...group,
      contactPoints: listed(points).map(toPoint),
      switches: listed(switches).map(toSwitch),
      used: used ?? [],
    }));
  }
}

interface GroupRow extends Pick<AudienceGroup, 'people' | 'timeZone' | 'sheet'> {
  /** `email+;sms-bounced`: channel, verified or not, and why nothing may go there. */
  points: string | null;
  /** `email+;sms-`. */
  switches: string | null;
  used: AudienceGroup['used'] | null;
}

const FLAGGED = /^([a-z]+)([+-])(.*)$/;

function listed(text: string | null): string[] {
  return text?.split(';') ?? [];
}

function toPoint(text: string): AudienceGroup['contactPoints'][number] {
  const [, channel, flag, suppression] = FLAGGED.exec(text) ?? [];
  return { channel: channel as Channel, isVerified: flag === '+', suppression: suppression || null };
}

function toSwitch(text: string): AudienceGroup['switches'][number] {
  const [, channel, flag] = FLAGGED.exec(text) ?? [];
  return { channel: channel as Channel, enabled: flag === '+' };
}

/** $1 topic, $2 one in how many of those with a sheet; the audience's parameters follow. */
const groups = (audience: string): string => `with who as (
    select c.id, s.sheet, case when s.sheet is null then 'UTC' else c.time_zone end as zone
    from (${audience}) a join customers c on c.id = a.id left join preference_sheets s on s.customer_id = c.id
    where s.sheet is null or hashtextextended(c.id, 0) % $2::bigint = 0),
  shut as (
    select p.id, min(s.reason) as reason from suppressions s
    join contact_points p on p.channel = s.channel and p.address = s.address
    where s.lifted_at is null and (s.customer_id is null or s.customer_id = p.customer_id) and (s.topic is null or s.topic = $1)
    group by p.id),
  points as (
    select customer_id, string_agg(way, ';' order by way) as points
    from (
      select p.customer_id, p.channel || case when p.verified_at is null then '-' else '+' end || coalesce(
        case when p.disabled_at is not null then coalesce(p.disabled_reason, 'disabled') end, shut.reason, '') as way
      from who join contact_points p on p.customer_id = who.id left join shut on shut.id = p.id) each
    group by customer_id),
  switches as (
    select customer_id, string_agg(channel || case when enabled then '+' else '-' end, ';' order by channel) as switches
    from preferences where topic = $1 group by customer_id),
  used as (
    select u.customer_id, jsonb_agg(jsonb_build_object('channel', u.channel, 'span', u.span,
      'startsAt', extract(epoch from u.starts_at)::float8 * 1000, 'used', u.used) order by u.channel, u.span, u.starts_at) as used
    from who join cap_usage u on u.customer_id = who.id
    where who.sheet ? 'caps' and u.starts_at + interval '26 hours' > now() group by u.customer_id)
  select count(*) as people, who.zone as "timeZone", points.points, switches.switches, used.used,
    jsonb_set(who.sheet - 'whenOver', '{digests}', jsonb_strip_nulls(jsonb_build_object($1::text, who.sheet -> 'digests' -> $1))) as sheet
  from who left join points on points.customer_id = who.id left join switches on switches.customer_id = who.id
  left join used on used.customer_id = who.id
  group by 2, 3, 4, 5, 6`;
