import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { NotificationEntity } from './notification.entity';

/** What follows if nobody was reached so far. */
@Index('delivery_steps_due', ['dueAt'])
@Entity({ name: 'delivery_steps' })
export class DeliveryStepEntity {
  @ForeignKey<NotificationEntity>('NotificationEntity', 'id', {
    name: 'delivery_steps_notification_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn({ name: 'notification_id', type: 'uuid', primaryKeyConstraintName: 'delivery_steps_pkey' })
  notificationId: string;

  @Column({ name: 'next_step', type: 'smallint' })
  nextStep: number;

  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt: Date;

  /** `accepted`, `delivered` or `seen`: then nothing follows. */
  @Column({ name: 'stop_on', type: 'text' })
  stopOn: string;
}
