import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'event_log_heads' })
export class EventLogHeadEntity {
  @PrimaryColumn({ name: 'partition', type: 'integer', primaryKeyConstraintName: 'event_log_heads_pkey' })
  partition: number;

  @Column({ name: 'next_offset', type: 'bigint', default: 0 })
  nextOffset: number;

  @Column({ name: 'owner', type: 'text', nullable: true })
  owner: string | null;

  @Column({ name: 'owner_until', type: 'timestamptz', nullable: true })
  ownerUntil: Date | null;
}
