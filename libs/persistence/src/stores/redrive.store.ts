import type { Channel } from '@app/contracts';
import type { Database } from '../database';
import { audit } from './audit.store';

/** Which deliveries that came to nothing are meant; all of it at once, null asks nothing. */
export interface RedriveFilter {
  deliveryId: string | null;
  state: 'failed' | 'ambiguous' | 'expired' | null;
  channel: Channel | null;
  provider: string | null;
  reason: string | null;
  topic: string | null;
  customerId: string | null;
  /** Of the delivery's making. */
  since: Date | null;
  until: Date | null;
}

/**
 * What is decided about one: `goesAgain`, or why it does not. `gone`, `disabled`, `notVerified`: the contact point;
 * `suppressed`: nothing may go there; `switchedOff`: the customer no longer wants it; `expired`: codes and answers help
 * nobody later.
 */
export const REDRIVE_VERDICTS = [
  'goesAgain',
  'gone',
  'disabled',
  'notVerified',
  'suppressed',
  'switchedOff',
  'expired',
] as const;
export type RedriveVerdict = (typeof REDRIVE_VERDICTS)[number];

export interface RedriveResult {
  counts: Record<RedriveVerdict, number>;
  /** At most twenty, the oldest first. */
  examples: { deliveryId: string; verdict: RedriveVerdict }[];
  /** Where to go on; null if there are no more. */
  nextAfter: number | null;
}

interface Judged {
  deliveryId: string;
  seq: number;
  verdict: RedriveVerdict;
}

const EXAMPLES = 20;

/** Puts deliveries that ended without acceptance back into their lanes, past the checks that a plan makes. */
export class RedriveStore {
  constructor(private readonly database: Database) {}

  /**
   * @param after the place where an earlier call ended, 0 at first
   * @param limit the most that one call looks at
   */
  async redrive(
    filter: RedriveFilter,
    { isDryRun, actor }: { isDryRun: boolean; actor: string },
    { after, limit }: { after: number; limit: number },
  ): Promise<RedriveResult> {
    return this.database.transaction(async (transaction) => {
      const found = await transaction.query<Judged>(
        isDryRun ? JUDGE : `${JUDGE} for update of d skip locked`,
        [
          after,
          limit + 1,
          filter.deliveryId,
          filter.state,
          filter.channel,
          filter.provider,
          filter.reason,
          filter.topic,
          filter.customerId,
          filter.since,
          filter.until,
        ],
      );
      const judged = found.slice(0, limit);
      const again = judged.filter((one) => one.verdict === 'goesAgain');
      const result = {
        counts: countsOf(judged),
        examples: judged.slice(0, EXAMPLES).map(({ deliveryId, verdict }) => ({ deliveryId, verdict })),
        nextAfter: found.length > limit ? (judged.at(-1)?.seq ?? null) : null,
      };
      if (isDryRun || again.length === 0) return result;
      await transaction.query(AGAIN, [again.map((one) => one.deliveryId)]);
      const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null));
      await audit(transaction, [
        {
          actor,
          action: 'deliveries.redriven',
          customerId: filter.customerId,
          detail: { filter: JSON.parse(JSON.stringify(asked)), count: again.length },
        },
      ]);
      return result;
    });
  }
}

function countsOf(judged: readonly Judged[]): Record<RedriveVerdict, number> {
  const counts = Object.fromEntries(
    REDRIVE_VERDICTS.map((verdict) => [verdict, 0]),
  ) as RedriveResult['counts'];
  for (const { verdict } of judged) counts[verdict] += 1;
  return counts;
}

const JUDGE = `select d.id as "deliveryId", d.seq, case
      when n.kind in ('verificationCode', 'answer') then 'expired'
      when d.contact_point_id is not null and p.id is null then 'gone'
      when p.disabled_at is not null then 'disabled'
      when p.id is not null and p.verified_at is null then 'notVerified'
      when exists (select 1 from suppressions s where s.channel = p.channel and s.address = p.address
        and s.lifted_at is null and (s.customer_id is null or s.customer_id = p.customer_id)
        and (s.topic is null or s.topic = n.topic)) then 'suppressed'
      when w.enabled is false and not coalesce((t.policy ->> 'isCritical')::boolean, false) then 'switchedOff'
      else 'goesAgain' end as verdict
  from deliveries d join notifications n on n.id = d.notification_id
  left join contact_points p on p.id = d.contact_point_id
  left join topics t on t.name = n.topic
  left join preferences w on w.customer_id = d.customer_id and w.topic = n.topic and w.channel = d.channel
  where d.state in ('failed', 'ambiguous', 'expired') and d.seq > $1
    and ($3::uuid is null or d.id = $3) and ($4::text is null or d.state = $4)
    and ($5::text is null or d.channel = $5) and ($6::text is null or d.provider = $6)
    and ($7::text is null or d.reason = $7) and ($8::text is null or n.topic = $8)
    and ($9::text is null or d.customer_id = $9)
    and ($10::timestamptz is null or d.created_at >= $10) and ($11::timestamptz is null or d.created_at < $11)
  order by d.seq limit $2`;

/** With all its tries and a day of time; what may have left before may come twice. */
const AGAIN = `with again as (
    update deliveries set state = 'pending', attempt_no = 0, not_before = now(), expires_at = now() + interval '24 hours',
      duplicate_possible = duplicate_possible or state = 'ambiguous', reason = 'redriven', finished_at = null
    where id = any($1::uuid[]) returning lane)
  select pg_notify('deliveries', lane) from (select distinct lane from again) as lanes`;
