import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

@Unique('receipts_provider_event_id_key', ['provider', 'eventId'])
@Index('receipts_by_attempt', ['attemptId'], { where: 'attempt_id is not null' })
@Index('receipts_waiting', ['lookAt', 'id'], { where: 'applied_at is null' })
@Entity({ name: 'receipts' })
export class ReceiptEntity {
  @PrimaryColumn({
    name: 'id',
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'receipts_pkey',
  })
  id: number;

  @Column({ name: 'provider', type: 'text' })
  provider: string;

  @Column({ name: 'event_id', type: 'text' })
  eventId: string;

  @Column({ name: 'attempt_id', type: 'uuid', nullable: true })
  attemptId: string | null;

  @Column({ name: 'provider_message_id', type: 'text', nullable: true })
  providerMessageId: string | null;

  @Column({ name: 'state', type: 'text' })
  state: string;

  @Column({ name: 'reason', type: 'text', default: '' })
  reason: string;

  @Column({ name: 'occurred_at', type: 'timestamptz' })
  occurredAt: Date;

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'now()' })
  receivedAt: Date;

  /** Null while no attempt of ours is known that it speaks of. */
  @Column({ name: 'applied_at', type: 'timestamptz', nullable: true })
  appliedAt: Date | null;

  /** What follows from it and where it went; gone once it was applied, so that no address stays. */
  @Column({ name: 'detail', type: 'jsonb', nullable: true })
  detail: unknown;

  /** How often its attempt was looked for. */
  @Column({ name: 'looks', type: 'smallint', default: 0 })
  looks: number;

  /** When it is looked for next; infinity: no more. */
  @Column({ name: 'look_at', type: 'timestamptz', default: () => 'now()' })
  lookAt: Date;
}
