import { Column, Entity, ForeignKey, Generated, Index, PrimaryColumn, Unique } from 'typeorm';
import type { RuleEntity } from './rule.entity';
import type { RuleInstanceEntity } from './rule-instance.entity';

@Index('alerts_by_seq', ['seq'], { unique: true })
@Index('alerts_by_customer', ['customerId', 'seq'])
@Index('alerts_by_rule', ['ruleId', 'seq'])
@Unique('alerts_instance_id_transition_seq_key', ['instanceId', 'transitionSeq'])
@Entity({ name: 'alerts' })
export class AlertEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'alerts_pkey' })
  id: string;

  @Column({ name: 'seq', type: 'bigint' })
  @Generated('increment')
  seq: number;

  @ForeignKey<RuleInstanceEntity>('RuleInstanceEntity', 'id', {
    name: 'alerts_instance_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'instance_id', type: 'bigint' })
  instanceId: number;

  @ForeignKey<RuleEntity>('RuleEntity', 'id', { name: 'alerts_rule_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'rule_id', type: 'uuid' })
  ruleId: string;

  @Column({ name: 'condition_version', type: 'integer' })
  conditionVersion: number;

  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ name: 'metric', type: 'text' })
  metric: string;

  @Column({ name: 'subject', type: 'text' })
  subject: string;

  @Column({ name: 'transition_seq', type: 'integer' })
  transitionSeq: number;

  @Column({ name: 'rule_title', type: 'text' })
  ruleTitle: string;

  @Column({ name: 'condition', type: 'text' })
  condition: string;

  @Column({ name: 'opened_at', type: 'timestamptz' })
  openedAt: Date;

  @Column({ name: 'opened_value', type: 'bigint' })
  openedValue: number;

  @Column({ name: 'resolved_at', type: 'timestamptz', nullable: true })
  resolvedAt: Date | null;

  @Column({ name: 'resolved_value', type: 'bigint', nullable: true })
  resolvedValue: number | null;

  @Column({ name: 'ended_by', type: 'text', nullable: true })
  endedBy: string | null;

  @Column({ name: 'severity', type: 'text', nullable: true })
  severity: string | null;

  @Column({ name: 'opened_by', type: 'text', default: 'value' })
  openedBy: string;

  @Column({ name: 'level', type: 'integer', default: 0 })
  level: number;

  @Column({ name: 'told', type: 'boolean', default: false })
  told: boolean;

  @Column({ name: 'held_reason', type: 'text', nullable: true })
  heldReason: string | null;

  @Column({ name: 'measure', type: 'text', nullable: true })
  measure: string | null;

  @Column({ name: 'unit', type: 'text', nullable: true })
  unit: string | null;

  @Column({ name: 'scale', type: 'smallint', nullable: true })
  scale: number | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
