import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'metrics' })
export class MetricEntity {
  @PrimaryColumn({ name: 'name', type: 'text', primaryKeyConstraintName: 'metrics_pkey' })
  name: string;

  @Column({ name: 'title', type: 'text' })
  title: string;

  @Column({ name: 'unit', type: 'text' })
  unit: string;

  @Column({ name: 'scale', type: 'smallint' })
  scale: number;

  @Column({ name: 'kind', type: 'text' })
  kind: string;

  @Column({ name: 'visibility', type: 'text' })
  visibility: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
