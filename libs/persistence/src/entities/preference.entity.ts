import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { CustomerEntity } from './customer.entity';

@Entity({ name: 'preferences' })
export class PreferenceEntity {
  @ForeignKey<CustomerEntity>('CustomerEntity', 'id', {
    name: 'preferences_customer_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn({ name: 'customer_id', type: 'text', primaryKeyConstraintName: 'preferences_pkey' })
  customerId: string;

  @PrimaryColumn({ name: 'topic', type: 'text', primaryKeyConstraintName: 'preferences_pkey' })
  topic: string;

  @PrimaryColumn({ name: 'channel', type: 'text', primaryKeyConstraintName: 'preferences_pkey' })
  channel: string;

  @Column({ name: 'enabled', type: 'boolean' })
  enabled: boolean;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
