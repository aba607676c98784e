import { Column, Entity, ForeignKey, Generated, Index, PrimaryColumn } from 'typeorm';
import type { NotificationEntity } from './notification.entity';

@Index('deliveries_by_seq', ['seq'], { unique: true })
@Index('deliveries_due', ['lane', 'channel', 'notBefore'], { where: `state in ('pending', 'retry')` })
@Index('deliveries_leased', ['leaseUntil'], { where: `state = 'sending'` })
@Index('deliveries_given_up', ['seq'], { where: `state in ('failed', 'ambiguous', 'expired')` })
@Index('deliveries_by_contact_point', ['contactPointId', 'seq'], { where: 'contact_point_id is not null' })
@Index('deliveries_by_customer', ['customerId', 'seq'])
@Index('deliveries_by_notification', ['notificationId'])
@Index('deliveries_to_follow', ['notificationId'], {
  where: `followed and state in ('failed', 'expired', 'withdrawn', 'cancelled')`,
})
@Entity({ name: 'deliveries' })
export class DeliveryEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'deliveries_pkey' })
  id: string;

  @Column({ name: 'seq', type: 'bigint' })
  @Generated('increment')
  seq: number;

  @ForeignKey<NotificationEntity>('NotificationEntity', 'id', {
    name: 'deliveries_notification_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'notification_id', type: 'uuid' })
  notificationId: string;

  @Column({ name: 'customer_id', type: 'text', nullable: true })
  customerId: string | null;

  @Column({ name: 'contact_point_id', type: 'uuid', nullable: true })
  contactPointId: string | null;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'lane', type: 'text' })
  lane: string;

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

  /** Which step of an order of channels this belongs to; 0 for the first and for all that have none. */
  @Column({ name: 'step', type: 'smallint', default: 0 })
  step: number;

  /** `quietHours` or `holiday` where it was held for them; it is looked at again before it goes. */
  @Column({ name: 'deferred_by', type: 'text', nullable: true })
  deferredBy: string | null;

  @Column({ name: 'pinned_provider', type: 'text', nullable: true })
  pinnedProvider: string | null;

  @Column({ name: 'digest_id', type: 'uuid', nullable: true })
  digestId: string | null;

  /** What of the customer's caps this delivery uses, to be given back if it is planned anew. */
  @Column({ name: 'counted', type: 'jsonb', nullable: true })
  counted: unknown;

  /** Another step follows unless this one reaches its goal. */
  @Column({ name: 'followed', type: 'boolean', default: false })
  followed: boolean;

  /** Failed this delivery last: another carrier goes first if there is one. */
  @Column({ name: 'avoid_provider', type: 'text', nullable: true })
  avoidProvider: string | null;

  /** The highest-ranked word of the provider so far. */
  @Column({ name: 'receipt', type: 'text', nullable: true })
  receipt: string | null;

  @Column({ name: 'receipt_at', type: 'timestamptz', nullable: true })
  receiptAt: Date | null;
}
