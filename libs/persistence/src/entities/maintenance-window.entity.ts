import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A time in which alerts of a metric, a subject, both, or everything are not told. */
@Index('maintenance_windows_by_end', ['endsAt'])
@Entity({ name: 'maintenance_windows' })
export class MaintenanceWindowEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'maintenance_windows_pkey' })
  id: string;

  @Column({ name: 'title', type: 'text' })
  title: string;

  @Column({ name: 'metric', type: 'text', nullable: true })
  metric: string | null;

  @Column({ name: 'subject', type: 'text', nullable: true })
  subject: string | null;

  @Column({ name: 'starts_at', type: 'timestamptz' })
  startsAt: Date;

  @Column({ name: 'ends_at', type: 'timestamptz' })
  endsAt: Date;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
