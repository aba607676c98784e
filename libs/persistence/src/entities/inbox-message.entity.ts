import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

@Index('inbox_messages_by_customer', ['customerId', 'seq'])
@Index('inbox_messages_unread', ['customerId', 'seq'], { where: 'read_at is null' })
@Entity({ name: 'inbox_messages' })
export class InboxMessageEntity {
  @PrimaryColumn({ name: 'delivery_id', type: 'uuid', primaryKeyConstraintName: 'inbox_messages_pkey' })
  deliveryId: string;

  @Column({ name: 'seq', type: 'bigint' })
  @Generated('increment')
  seq: number;

  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ name: 'subject', type: 'text' })
  subject: string;

  @Column({ name: 'body', type: 'text' })
  body: string;

  @Column({ name: 'kept_at', type: 'timestamptz', default: () => 'now()' })
  keptAt: Date;

  @Column({ name: 'read_at', type: 'timestamptz', nullable: true })
  readAt: Date | null;
}
