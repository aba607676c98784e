import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CustomerEntity } from './customer.entity';

@Index('holdings_by_subject', ['subject', 'relation'])
@Entity({ name: 'holdings' })
export class HoldingEntity {
  @ForeignKey<CustomerEntity>('CustomerEntity', 'id', {
    name: 'holdings_customer_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn({ name: 'customer_id', type: 'text', primaryKeyConstraintName: 'holdings_pkey' })
  customerId: string;

  @PrimaryColumn({ name: 'subject', type: 'text', primaryKeyConstraintName: 'holdings_pkey' })
  subject: string;

  @PrimaryColumn({ name: 'relation', type: 'text', primaryKeyConstraintName: 'holdings_pkey' })
  relation: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
