import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'event_log_members' })
export class EventLogMemberEntity {
  @PrimaryColumn({ name: 'member', type: 'text', primaryKeyConstraintName: 'event_log_members_pkey' })
  member: string;

  @Column({ name: 'seen_until', type: 'timestamptz' })
  seenUntil: Date;
}
