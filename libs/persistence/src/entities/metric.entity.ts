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

  @Column({ name: 'allowed_lateness_ms', type: 'integer', default: 60000 })
  allowedLatenessMs: number;

  @Column({ name: 'retention_days', type: 'integer', default: 90 })
  retentionDays: number;

  @Column({ name: 'starts_at_zero', type: 'boolean', default: false })
  startsAtZero: boolean;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
