import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** People who are told in one call; their state is the batch's unless their own row says another. */
@Index('broadcast_batches_open', ['notBefore'], { where: `state in ('pending', 'sending', 'ambiguous')` })
@Entity({ name: 'broadcast_batches' })
export class BroadcastBatchEntity {
  @PrimaryColumn({ name: 'alert_seq', type: 'integer', primaryKeyConstraintName: 'broadcast_batches_pkey' })
  alertSeq: number;

  @PrimaryColumn({ name: 'batch', type: 'integer', primaryKeyConstraintName: 'broadcast_batches_pkey' })
  batch: number;

  /** Its place among the deliveries, from whose sequence it is taken: a customer's list shows both. */
  @Column({ name: 'seq', type: 'bigint' })
  seq: number;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  /** Of its text, which is the same for all of them. */
  @Column({ name: 'language', type: 'text' })
  language: string;

  @Column({ name: 'page', type: 'integer' })
  page: number;

  @Column({ name: 'first_seq', type: 'bigint' })
  firstSeq: number;

  @Column({ name: 'last_seq', type: 'bigint' })
  lastSeq: number;

  /** Without those whose own row says another state. */
  @Column({ name: 'people', type: 'integer' })
  people: number;

  @Column({ name: 'failed', type: 'integer', default: 0 })
  failed: number;

  @Column({ name: 'withdrawn', type: 'integer', default: 0 })
  withdrawn: number;

  @Column({ name: 'state', type: 'text' })
  state: string;

  @Column({ name: 'attempt_no', type: 'integer', default: 0 })
  attemptNo: number;

  @Column({ name: 'lease_epoch', type: 'integer', default: 0 })
  leaseEpoch: number;

  @Column({ name: 'lease_owner', type: 'text', nullable: true })
  leaseOwner: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil: Date | null;

  @Column({ name: 'not_before', type: 'timestamptz', default: () => 'now()' })
  notBefore: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'duplicate_possible', type: 'boolean', default: false })
  duplicatePossible: boolean;

  @Column({ name: 'reason', type: 'text', default: '' })
  reason: string;

  @Column({ name: 'provider', type: 'text', nullable: true })
  provider: string | null;

  @Column({ name: 'provider_message_id', type: 'text', nullable: true })
  providerMessageId: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
