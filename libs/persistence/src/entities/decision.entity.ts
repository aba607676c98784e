import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { NotificationEntity } from './notification.entity';

@Index('decisions_by_notification', ['notificationId'])
@Entity({ name: 'decisions' })
export class DecisionEntity {
  @PrimaryGeneratedColumn('identity', {
    name: 'id',
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'decisions_pkey',
  })
  id: number;

  @ForeignKey<NotificationEntity>('NotificationEntity', 'id', {
    name: 'decisions_notification_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'notification_id', type: 'uuid' })
  notificationId: string;

  @Column({ name: 'channel', type: 'text', nullable: true })
  channel: string | null;

  @Column({ name: 'contact_point_id', type: 'uuid', nullable: true })
  contactPointId: string | null;

  @Column({ name: 'decision', type: 'text' })
  decision: string;

  @Column({ name: 'reason', type: 'text' })
  reason: string;

  @Column({ name: 'decided_at', type: 'timestamptz', default: () => 'now()' })
  decidedAt: Date;

  @Column({ name: 'not_before', type: 'timestamptz', nullable: true })
  notBefore: Date | null;

  /** What the decision was made from: rule, version of the sheet, zone, wall time, cap. */
  @Column({ name: 'detail', type: 'jsonb', nullable: true })
  detail: unknown;
}
