import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

@Index('outbox_messages_by_seq', ['seq'], { unique: true })
@Entity({ name: 'outbox_messages' })
export class OutboxMessageEntity {
  @PrimaryColumn({ name: 'delivery_id', type: 'uuid', primaryKeyConstraintName: 'outbox_messages_pkey' })
  deliveryId: string;

  @Column({ name: 'seq', type: 'bigint' })
  @Generated('increment')
  seq: number;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'address', type: 'text' })
  address: string;

  @Column({ name: 'subject', type: 'text' })
  subject: string;

  @Column({ name: 'body', type: 'text' })
  body: string;

  @Column({ name: 'html', type: 'text' })
  html: string;

  @Column({ name: 'kept_at', type: 'timestamptz', default: () => 'now()' })
  keptAt: Date;
}
