import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'customers' })
export class CustomerEntity {
  @PrimaryColumn({ name: 'id', type: 'text', primaryKeyConstraintName: 'customers_pkey' })
  id: string;

  @Column({ name: 'name', type: 'text' })
  name: string;

  @Column({ name: 'time_zone', type: 'text' })
  timeZone: string;

  @Column({ name: 'language', type: 'text' })
  language: string;

  @Column({ name: 'attributes', type: 'jsonb', default: {} })
  attributes: Record<string, string>;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;

  /** Grows whenever what is planned for the customer must be decided anew; a plan counts only under the epoch it saw. */
  @Column({ name: 'plan_epoch', type: 'integer', default: 0 })
  planEpoch: number;
}
