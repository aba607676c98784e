import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Index('series_by_partition', ['partition'])
@Index('series_by_subject', ['subject'])
@Entity({ name: 'series' })
export class SeriesEntity {
  @PrimaryColumn({ name: 'metric', type: 'text', primaryKeyConstraintName: 'series_pkey' })
  metric: string;

  @PrimaryColumn({ name: 'subject', type: 'text', primaryKeyConstraintName: 'series_pkey' })
  subject: string;

  @Column({ name: 'partition', type: 'integer' })
  partition: number;

  @Column({ name: 'value', type: 'bigint' })
  value: number;

  @Column({ name: 'at', type: 'timestamptz' })
  at: Date;

  @Column({ name: 'clock_at', type: 'timestamptz', nullable: true })
  clockAt: Date | null;
}
