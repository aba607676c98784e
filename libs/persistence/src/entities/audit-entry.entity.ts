import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Index('audit_entries_by_customer', ['customerId', 'id'], { where: 'customer_id is not null' })
@Entity({ name: 'audit_entries' })
export class AuditEntryEntity {
  @PrimaryColumn({
    name: 'id',
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'audit_entries_pkey',
  })
  id: number;

  @Column({ name: 'at', type: 'timestamptz', default: () => 'now()' })
  at: Date;

  @Column({ name: 'actor', type: 'text' })
  actor: string;

  @Column({ name: 'action', type: 'text' })
  action: string;

  @Column({ name: 'customer_id', type: 'text', nullable: true })
  customerId: string | null;

  @Column({ name: 'detail', type: 'jsonb' })
  detail: unknown;

  /** Of all that an erasure may take away; it stays, so that the chain can be followed without it. */
  @Column({ name: 'content_hash', type: 'text' })
  contentHash: string;

  /** Of the entry before and this one. */
  @Column({ name: 'hash', type: 'text' })
  hash: string;

  @Column({ name: 'erased_at', type: 'timestamptz', nullable: true })
  erasedAt: Date | null;
}
