import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a carrier may still be sent at this moment, for all workers together. */
@Entity({ name: 'token_buckets' })
export class TokenBucketEntity {
  @PrimaryColumn({ name: 'name', type: 'text', primaryKeyConstraintName: 'token_buckets_pkey' })
  name: string;

  @Column({ name: 'tokens', type: 'double precision' })
  tokens: number;

  @Column({ name: 'refilled_at', type: 'timestamptz', default: () => 'now()' })
  refilledAt: Date;
}
