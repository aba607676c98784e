import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The ledger: who is told of a service alert on which way, and why; for who is not told one row that says why not. */
@Index('broadcast_recipients_by_customer', ['customerId', 'alertSeq'])
@Entity({ name: 'broadcast_recipients' })
export class BroadcastRecipientEntity {
  @PrimaryColumn({
    name: 'alert_seq',
    type: 'integer',
    primaryKeyConstraintName: 'broadcast_recipients_pkey',
  })
  alertSeq: number;

  /** Null where the way is none that is told together. */
  @Column({ name: 'batch', type: 'integer', nullable: true })
  batch: number | null;

  @PrimaryColumn({ name: 'seq', type: 'bigint', primaryKeyConstraintName: 'broadcast_recipients_pkey' })
  seq: number;

  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ name: 'contact_point_id', type: 'uuid', nullable: true })
  contactPointId: string | null;

  @Column({ name: 'channel', type: 'text', nullable: true })
  channel: string | null;

  /** Null: the batch's. */
  @Column({ name: 'state', type: 'text', nullable: true })
  state: string | null;

  /** Of the decision; where the state is the row's own, of the state. */
  @Column({ name: 'reason', type: 'text' })
  reason: string;

  /** The ways not taken, `channel=reason` with commas between; stands in a person's first row. */
  @Column({ name: 'passed_over', type: 'text', nullable: true })
  passedOver: string | null;
}
