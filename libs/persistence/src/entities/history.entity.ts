import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A stretch of a series' past, packed. */
@Index('history_by_age', ['metric', 'toAt'])
@Entity({ name: 'history' })
export class HistoryEntity {
  @PrimaryColumn({ name: 'metric', type: 'text', primaryKeyConstraintName: 'history_pkey' })
  metric: string;

  @PrimaryColumn({ name: 'subject', type: 'text', primaryKeyConstraintName: 'history_pkey' })
  subject: string;

  @PrimaryColumn({ name: 'from_at', type: 'timestamptz', primaryKeyConstraintName: 'history_pkey' })
  fromAt: Date;

  @Column({ name: 'to_at', type: 'timestamptz' })
  toAt: Date;

  @Column({ name: 'points', type: 'bytea' })
  points: Buffer;

  @Column({ name: 'count', type: 'integer' })
  count: number;
}
