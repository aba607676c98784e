import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a measure of a series has gathered, as of the partition's checkpoint. */
@Index('measures_by_partition', ['partition'])
@Entity({ name: 'measures' })
export class MeasureEntity {
  @PrimaryColumn({ name: 'metric', type: 'text', primaryKeyConstraintName: 'measures_pkey' })
  metric: string;

  @PrimaryColumn({ name: 'subject', type: 'text', primaryKeyConstraintName: 'measures_pkey' })
  subject: string;

  @PrimaryColumn({ name: 'key', type: 'text', primaryKeyConstraintName: 'measures_pkey' })
  key: string;

  @Column({ name: 'partition', type: 'integer' })
  partition: number;

  @Column({ name: 'state', type: 'jsonb' })
  state: unknown;
}
