import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { CustomerEntity } from './customer.entity';

/** What a customer chose beyond the switches: quiet hours, digests, caps, order of channels. */
@Entity({ name: 'preference_sheets' })
export class PreferenceSheetEntity {
  @ForeignKey<CustomerEntity>('CustomerEntity', 'id', {
    name: 'preference_sheets_customer_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn({ name: 'customer_id', type: 'text', primaryKeyConstraintName: 'preference_sheets_pkey' })
  customerId: string;

  /** Grows with each change; decisions name the one they were made by. */
  @Column({ name: 'version', type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'sheet', type: 'jsonb' })
  sheet: unknown;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
