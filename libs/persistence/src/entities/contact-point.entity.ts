import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { CustomerEntity } from './customer.entity';

@Unique('contact_points_customer_id_channel_address_key', ['customerId', 'channel', 'address'])
@Entity({ name: 'contact_points' })
export class ContactPointEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'contact_points_pkey' })
  id: string;

  @ForeignKey<CustomerEntity>('CustomerEntity', 'id', {
    name: 'contact_points_customer_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'address', type: 'text' })
  address: string;

  @Column({ name: 'verified_at', type: 'timestamptz', nullable: true })
  verifiedAt: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  /** The only carrier for this address; null leaves the choice. */
  @Column({ name: 'provider', type: 'text', nullable: true })
  provider: string | null;

  /** Secrets of the address itself: a web hook's, a push subscription's. */
  @Column({ name: 'keys', type: 'jsonb', nullable: true })
  keys: Record<string, string> | null;

  /** Since when nothing has been taken in there; null while it works. */
  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince: Date | null;

  @Column({ name: 'disabled_at', type: 'timestamptz', nullable: true })
  disabledAt: Date | null;

  @Column({ name: 'disabled_reason', type: 'text', nullable: true })
  disabledReason: string | null;
}
