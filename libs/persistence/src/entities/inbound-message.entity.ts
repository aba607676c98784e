import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Index('inbound_messages_by_sender', ['channel', 'sender', 'receivedAt'])
@Index('inbound_messages_by_customer', ['customerId'], { where: 'customer_id is not null' })
@Entity({ name: 'inbound_messages' })
export class InboundMessageEntity {
  @PrimaryColumn({ name: 'provider', type: 'text', primaryKeyConstraintName: 'inbound_messages_pkey' })
  provider: string;

  @PrimaryColumn({
    name: 'provider_message_id',
    type: 'text',
    primaryKeyConstraintName: 'inbound_messages_pkey',
  })
  providerMessageId: string;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'sender', type: 'text' })
  sender: string;

  @Column({ name: 'customer_id', type: 'text', nullable: true })
  customerId: string | null;

  @Column({ name: 'text', type: 'text' })
  text: string;

  @Column({ name: 'action', type: 'text' })
  action: string;

  @Column({ name: 'answer', type: 'text' })
  answer: string;

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'now()' })
  receivedAt: Date;
}
