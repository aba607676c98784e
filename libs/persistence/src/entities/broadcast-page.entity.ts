import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** So many people of a confirmed audience, until each of them stands in the ledger. */
@Index('broadcast_pages_open', ['alertSeq', 'page'], { where: 'customer_ids is not null' })
@Entity({ name: 'broadcast_pages' })
export class BroadcastPageEntity {
  @PrimaryColumn({ name: 'alert_seq', type: 'integer', primaryKeyConstraintName: 'broadcast_pages_pkey' })
  alertSeq: number;

  @PrimaryColumn({ name: 'page', type: 'integer', primaryKeyConstraintName: 'broadcast_pages_pkey' })
  page: number;

  @Column({ name: 'people', type: 'integer' })
  people: number;

  /** Null once they stand in the ledger. */
  @Column({ name: 'customer_ids', type: 'text', array: true, nullable: true })
  customerIds: string[] | null;

  /** `waiting`, `planned`, or `cancelled` before it was planned. */
  @Column({ name: 'state', type: 'text', default: 'waiting' })
  state: string;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil: Date | null;

  /** People of whom at least one way goes as a notification of its own. */
  @Column({ name: 'as_notifications', type: 'integer', default: 0 })
  asNotifications: number;

  @Column({ name: 'not_told', type: 'integer', default: 0 })
  notTold: number;

  /** Erased since the audience was confirmed. */
  @Column({ name: 'gone', type: 'integer', default: 0 })
  gone: number;
}
