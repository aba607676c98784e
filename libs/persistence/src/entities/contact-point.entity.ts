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
}
