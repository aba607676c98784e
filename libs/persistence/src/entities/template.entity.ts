import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An admin's words for one kind of notification on one channel in one language. */
@Entity({ name: 'templates' })
export class TemplateEntity {
  @PrimaryColumn({ name: 'kind', type: 'text', primaryKeyConstraintName: 'templates_pkey' })
  kind: string;

  @PrimaryColumn({ name: 'channel', type: 'text', primaryKeyConstraintName: 'templates_pkey' })
  channel: string;

  /** In lower case. */
  @PrimaryColumn({ name: 'language', type: 'text', primaryKeyConstraintName: 'templates_pkey' })
  language: string;

  @Column({ name: 'version', type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'subject', type: 'text' })
  subject: string;

  @Column({ name: 'text', type: 'text' })
  text: string;

  @Column({ name: 'html', type: 'text' })
  html: string;

  @Column({ name: 'updated_by', type: 'text' })
  updatedBy: string;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
