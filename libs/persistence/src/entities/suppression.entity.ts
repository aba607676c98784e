import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Index('suppressions_active', ['channel', 'address', 'customerId', 'topic', 'reason'], {
  unique: true,
  where: 'lifted_at is null',
})
@Index('suppressions_by_customer', ['customerId'])
@Index('suppressions_by_age', ['createdAt', 'id'])
@Entity({ name: 'suppressions' })
export class SuppressionEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'suppressions_pkey' })
  id: string;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'address', type: 'text' })
  address: string;

  /** Whose messages alone it stops; null: whoever has the address. */
  @Column({ name: 'customer_id', type: 'text', nullable: true })
  customerId: string | null;

  /** Null: all topics. */
  @Column({ name: 'topic', type: 'text', nullable: true })
  topic: string | null;

  @Column({ name: 'reason', type: 'text' })
  reason: string;

  @Column({ name: 'source', type: 'text' })
  source: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'appealed_at', type: 'timestamptz', nullable: true })
  appealedAt: Date | null;

  @Column({ name: 'appeal', type: 'text', nullable: true })
  appeal: string | null;

  @Column({ name: 'lifted_at', type: 'timestamptz', nullable: true })
  liftedAt: Date | null;

  @Column({ name: 'lifted_by', type: 'text', nullable: true })
  liftedBy: string | null;
}
