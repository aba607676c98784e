import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CustomerEntity } from './customer.entity';
import type { MetricEntity } from './metric.entity';

@Index('rules_by_customer', ['customerId', 'createdAt', 'id'])
@Index('rules_by_revision', ['revision'])
@Entity({ name: 'rules' })
export class RuleEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'rules_pkey' })
  id: string;

  @ForeignKey<CustomerEntity>('CustomerEntity', 'id', { name: 'rules_customer_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ name: 'title', type: 'text' })
  title: string;

  @ForeignKey<MetricEntity>('MetricEntity', 'name', { name: 'rules_metric_fkey' })
  @Column({ name: 'metric', type: 'text' })
  metric: string;

  @Column({ name: 'operator', type: 'text' })
  operator: string;

  @Column({ name: 'threshold', type: 'bigint' })
  threshold: number;

  @Column({ name: 'upper', type: 'bigint', nullable: true })
  upper: number | null;

  @Column({ name: 'recovery', type: 'bigint', nullable: true })
  recovery: number | null;

  @Column({ name: 'subject_kind', type: 'text' })
  subjectKind: string;

  @Column({ name: 'lifecycle', type: 'text' })
  lifecycle: string;

  @Column({ name: 'on_create', type: 'text' })
  onCreate: string;

  @Column({ name: 'topic', type: 'text' })
  topic: string;

  @Column({ name: 'channels', type: 'text', array: true, nullable: true })
  channels: string[] | null;

  @Column({ name: 'notify_recovery', type: 'boolean' })
  notifyRecovery: boolean;

  @Column({ name: 'status', type: 'text' })
  status: string;

  @Column({ name: 'condition_version', type: 'integer', default: 1 })
  conditionVersion: number;

  @Column({ name: 'revision', type: 'bigint', default: () => "nextval('rule_revisions')" })
  revision: number;

  @Column({ name: 'composed', type: 'jsonb', nullable: true })
  composed: unknown;

  @Column({ name: 'notices', type: 'jsonb', nullable: true })
  notices: unknown;

  @Column({ name: 'partner_rule_id', type: 'uuid', nullable: true })
  partnerRuleId: string | null;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  @Column({ name: 'snoozed_until', type: 'timestamptz', nullable: true })
  snoozedUntil: Date | null;

  @Column({ name: 'threshold_attribute', type: 'text', nullable: true })
  thresholdAttribute: string | null;

  @Column({ name: 'severity', type: 'text', nullable: true })
  severity: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
