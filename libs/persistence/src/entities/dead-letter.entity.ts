import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Unique('dead_letters_log_partition_offset_key', ['log', 'partition', 'offset'])
@Entity({ name: 'dead_letters' })
export class DeadLetterEntity {
  @PrimaryGeneratedColumn('identity', {
    name: 'id',
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'dead_letters_pkey',
  })
  id: number;

  @Column({ name: 'log', type: 'text' })
  log: string;

  @Column({ name: 'partition', type: 'integer' })
  partition: number;

  @Column({ name: 'offset', type: 'bigint' })
  offset: number;

  @Column({ name: 'key', type: 'text', nullable: true })
  key: string | null;

  @Column({ name: 'payload', type: 'text' })
  payload: string;

  @Column({ name: 'reason', type: 'text' })
  reason: string;

  @Column({ name: 'detail', type: 'text' })
  detail: string;

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'now()' })
  receivedAt: Date;
}
