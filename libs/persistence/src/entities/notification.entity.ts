import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

@Index('notifications_to_plan', ['lane', 'seq'], { where: `planned_at is null` })
@Index('notifications_by_alert', ['alertId'], { where: `alert_id is not null` })
@Index('notifications_by_service_alert', ['serviceAlertId'], { where: `service_alert_id is not null` })
@Index('notifications_by_customer', ['customerId', 'seq'])
@Entity({ name: 'notifications' })
export class NotificationEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'notifications_pkey' })
  id: string;

  @Column({ name: 'seq', type: 'bigint' })
  @Generated('increment')
  seq: number;

  @Column({ name: 'customer_id', type: 'text', nullable: true })
  customerId: string | null;

  @Column({ name: 'topic', type: 'text' })
  topic: string;

  @Column({ name: 'lane', type: 'text' })
  lane: string;

  @Column({ name: 'channels', type: 'text', array: true, nullable: true })
  channels: string[] | null;

  @Column({ name: 'kind', type: 'text' })
  kind: string;

  @Column({ name: 'facts', type: 'jsonb' })
  facts: unknown;

  @Column({ name: 'alert_id', type: 'uuid', nullable: true })
  alertId: string | null;

  @Column({ name: 'service_alert_id', type: 'uuid', nullable: true })
  serviceAlertId: string | null;

  @Column({ name: 'caused_at', type: 'timestamptz' })
  causedAt: Date;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'planned_at', type: 'timestamptz', nullable: true })
  plannedAt: Date | null;

  /** When what had been planned was taken back because the customer's choices changed. */
  @Column({ name: 'replanned_at', type: 'timestamptz', nullable: true })
  replannedAt: Date | null;

  /** The step of the customer's order of channels that is planned next, or was planned last. */
  @Column({ name: 'step', type: 'smallint', default: 0 })
  step: number;
}
