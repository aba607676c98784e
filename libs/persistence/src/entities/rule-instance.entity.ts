import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { RuleEntity } from './rule.entity';

@Index('rule_instances_to_load', ['partition'], { where: `watched` })
@Index('rule_instances_notice_due', ['partition', 'noticeDueAt'], { where: `notice_due_at is not null` })
@Unique('rule_instances_rule_id_subject_key', ['ruleId', 'subject'])
@Entity({ name: 'rule_instances' })
export class RuleInstanceEntity {
  @PrimaryGeneratedColumn('identity', {
    name: 'id',
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'rule_instances_pkey',
  })
  id: number;

  @ForeignKey<RuleEntity>('RuleEntity', 'id', { name: 'rule_instances_rule_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'rule_id', type: 'uuid' })
  ruleId: string;

  @Column({ name: 'subject', type: 'text' })
  subject: string;

  @Column({ name: 'partition', type: 'integer' })
  partition: number;

  @Column({ name: 'watched', type: 'boolean', default: true })
  watched: boolean;

  @Column({ name: 'condition_version', type: 'integer', nullable: true })
  conditionVersion: number | null;

  @Column({ name: 'state', type: 'text', default: 'unknown' })
  state: string;

  @Column({ name: 'armed', type: 'boolean', default: true })
  armed: boolean;

  @Column({ name: 'spent', type: 'boolean', default: false })
  spent: boolean;

  @Column({ name: 'transition_seq', type: 'integer', default: 0 })
  transitionSeq: number;

  @Column({ name: 'since', type: 'timestamptz', nullable: true })
  since: Date | null;

  @Column({ name: 'progress', type: 'jsonb', nullable: true })
  progress: unknown;

  @Column({ name: 'notice', type: 'jsonb', nullable: true })
  notice: unknown;

  @Column({ name: 'notice_due_at', type: 'timestamptz', nullable: true })
  noticeDueAt: Date | null;
}
