import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

@Index('service_alerts_by_seq', ['seq'], { unique: true })
@Entity({ name: 'service_alerts' })
export class ServiceAlertEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'service_alerts_pkey' })
  id: string;

  @Column({ name: 'seq', type: 'bigint' })
  @Generated('increment')
  seq: number;

  @Column({ name: 'title', type: 'text' })
  title: string;

  @Column({ name: 'text', type: 'text' })
  text: string;

  @Column({ name: 'severity', type: 'text' })
  severity: string;

  @Column({ name: 'topic', type: 'text' })
  topic: string;

  @Column({ name: 'audience', type: 'jsonb' })
  audience: unknown;

  @Column({ name: 'public_post', type: 'boolean' })
  publicPost: boolean;

  @Column({ name: 'status', type: 'text' })
  status: string;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;

  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true })
  cancelledAt: Date | null;

  /** Of the audience as it was confirmed. */
  @Column({ name: 'people', type: 'integer', nullable: true })
  people: number | null;

  @Column({ name: 'paused_at', type: 'timestamptz', nullable: true })
  pausedAt: Date | null;
}
