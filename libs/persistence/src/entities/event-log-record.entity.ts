import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'event_log_records' })
export class EventLogRecordEntity {
  @PrimaryColumn({ name: 'partition', type: 'integer', primaryKeyConstraintName: 'event_log_records_pkey' })
  partition: number;

  @PrimaryColumn({ name: 'offset', type: 'bigint', primaryKeyConstraintName: 'event_log_records_pkey' })
  offset: number;

  @Column({ name: 'key', type: 'text', nullable: true })
  key: string | null;

  @Column({ name: 'value', type: 'bytea' })
  value: Buffer;

  @Column({ name: 'appended_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  appendedAt: Date;
}
