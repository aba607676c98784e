import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CustomerEntity } from './customer.entity';

/** How many messages a customer's caps have let through in one hour or day. */
@Index('cap_usage_by_age', ['startsAt'])
@Entity({ name: 'cap_usage' })
export class CapUsageEntity {
  @ForeignKey<CustomerEntity>('CustomerEntity', 'id', {
    name: 'cap_usage_customer_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn({ name: 'customer_id', type: 'text', primaryKeyConstraintName: 'cap_usage_pkey' })
  customerId: string;

  /** Or `all`. */
  @PrimaryColumn({ name: 'channel', type: 'text', primaryKeyConstraintName: 'cap_usage_pkey' })
  channel: string;

  /** `hour` or `day`. */
  @PrimaryColumn({ name: 'span', type: 'text', primaryKeyConstraintName: 'cap_usage_pkey' })
  span: string;

  @PrimaryColumn({ name: 'starts_at', type: 'timestamptz', primaryKeyConstraintName: 'cap_usage_pkey' })
  startsAt: Date;

  @Column({ name: 'used', type: 'integer' })
  used: number;
}
