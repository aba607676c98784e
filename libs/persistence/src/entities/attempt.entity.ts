import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DeliveryEntity } from './delivery.entity';

@Index('attempts_by_delivery', ['deliveryId', 'leaseEpoch'])
@Index('attempts_to_ask', ['askAt'], { where: 'ask_at is not null' })
@Index('attempts_by_start', ['startedAt'], { type: 'brin' })
@Index('attempts_by_message', ['provider', 'providerMessageId'], { where: 'provider_message_id is not null' })
@Entity({ name: 'attempts' })
export class AttemptEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'attempts_pkey' })
  id: string;

  @ForeignKey<DeliveryEntity>('DeliveryEntity', 'id', {
    name: 'attempts_delivery_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'delivery_id', type: 'uuid' })
  deliveryId: string;

  @Column({ name: 'attempt_no', type: 'integer' })
  attemptNo: number;

  @Column({ name: 'lease_epoch', type: 'integer' })
  leaseEpoch: number;

  @Column({ name: 'provider', type: 'text' })
  provider: string;

  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'now()' })
  startedAt: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome: string | null;

  @Column({ name: 'reason', type: 'text', default: '' })
  reason: string;

  @Column({ name: 'provider_message_id', type: 'text', nullable: true })
  providerMessageId: string | null;

  /** When the provider is to be asked what became of it; null if it need not or cannot be. */
  @Column({ name: 'ask_at', type: 'timestamptz', nullable: true })
  askAt: Date | null;

  /** When the provider was last asked what became of it. */
  @Column({ name: 'asked_at', type: 'timestamptz', nullable: true })
  askedAt: Date | null;

  @Column({ name: 'ask_count', type: 'smallint', default: 0 })
  askCount: number;
}
