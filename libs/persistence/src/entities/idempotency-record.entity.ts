import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Index('idempotency_records_by_age', ['createdAt'])
@Entity({ name: 'idempotency_records' })
export class IdempotencyRecordEntity {
  @PrimaryColumn({ name: 'principal', type: 'text', primaryKeyConstraintName: 'idempotency_records_pkey' })
  principal: string;

  @PrimaryColumn({ name: 'key', type: 'text', primaryKeyConstraintName: 'idempotency_records_pkey' })
  key: string;

  @Column({ name: 'request_hash', type: 'text' })
  requestHash: string;

  @Column({ name: 'status', type: 'smallint', nullable: true })
  status: number | null;

  @Column({ name: 'body', type: 'text', nullable: true })
  body: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
