import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often a template failed when it was needed, by what failed; gone with the next version of the template. */
@Entity({ name: 'template_faults' })
export class TemplateFaultEntity {
  @PrimaryColumn({ name: 'kind', type: 'text', primaryKeyConstraintName: 'template_faults_pkey' })
  kind: string;

  @PrimaryColumn({ name: 'channel', type: 'text', primaryKeyConstraintName: 'template_faults_pkey' })
  channel: string;

  @PrimaryColumn({ name: 'language', type: 'text', primaryKeyConstraintName: 'template_faults_pkey' })
  language: string;

  @PrimaryColumn({ name: 'fault', type: 'text', primaryKeyConstraintName: 'template_faults_pkey' })
  fault: string;

  @Column({ name: 'count', type: 'integer', default: 1 })
  count: number;

  @Column({ name: 'first_at', type: 'timestamptz', default: () => 'now()' })
  firstAt: Date;

  @Column({ name: 'last_at', type: 'timestamptz', default: () => 'now()' })
  lastAt: Date;
}
