import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DigestEntity } from './digest.entity';
import type { NotificationEntity } from './notification.entity';

/** A notification in the one digest through which it reaches one way. */
@Index('digest_items_by_digest', ['digestId', 'seq'])
@Entity({ name: 'digest_items' })
export class DigestItemEntity {
  @ForeignKey<DigestEntity>('DigestEntity', 'id', {
    name: 'digest_items_digest_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'digest_id', type: 'uuid' })
  digestId: string;

  @ForeignKey<NotificationEntity>('NotificationEntity', 'id', {
    name: 'digest_items_notification_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn({ name: 'notification_id', type: 'uuid', primaryKeyConstraintName: 'digest_items_pkey' })
  notificationId: string;

  /** `channel:contactPointId`. */
  @PrimaryColumn({ name: 'way', type: 'text', primaryKeyConstraintName: 'digest_items_pkey' })
  way: string;

  /** Of the notification: the order in which things happened. */
  @Column({ name: 'seq', type: 'bigint' })
  seq: number;

  /** Set as the digest closes: `told`, `reworded` or `leftOut`. */
  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome: string | null;
}
