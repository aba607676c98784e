import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CustomerEntity } from './customer.entity';

/** What comes to a customer together: one for each contact point, topic and window. */
@Unique('digests_customer_id_key_closes_at_key', ['customerId', 'key', 'closesAt'])
@Index('digests_due', ['closesAt'], { where: `state = 'open'` })
@Entity({ name: 'digests' })
export class DigestEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'digests_pkey' })
  id: string;

  @ForeignKey<CustomerEntity>('CustomerEntity', 'id', {
    name: 'digests_customer_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ name: 'key', type: 'text' })
  key: string;

  @Column({ name: 'topic', type: 'text' })
  topic: string;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'contact_point_id', type: 'uuid', nullable: true })
  contactPointId: string | null;

  /** `digest` or `cap`. */
  @Column({ name: 'because', type: 'text' })
  because: string;

  @Column({ name: 'closes_at', type: 'timestamptz' })
  closesAt: Date;

  /** `open` or `closed`; what is closed takes nothing more. */
  @Column({ name: 'state', type: 'text', default: 'open' })
  state: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt: Date | null;
}
