import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'partition_offsets' })
export class PartitionOffsetEntity {
  @PrimaryColumn({ name: 'log', type: 'text', primaryKeyConstraintName: 'partition_offsets_pkey' })
  log: string;

  @PrimaryColumn({ name: 'partition', type: 'integer', primaryKeyConstraintName: 'partition_offsets_pkey' })
  partition: number;

  @Column({ name: 'epoch', type: 'bigint', default: 0 })
  epoch: number;

  @Column({ name: 'next_offset', type: 'bigint', default: 0 })
  nextOffset: number;

  @Column({ name: 'checkpoint_offset', type: 'bigint', default: 0 })
  checkpointOffset: number;

  @Column({ name: 'owner', type: 'text', nullable: true })
  owner: string | null;

  @Column({ name: 'taken_at', type: 'timestamptz', nullable: true })
  takenAt: Date | null;

  @Column({ name: 'commits', type: 'bigint', default: 0 })
  commits: number;

  @Column({ name: 'clock', type: 'timestamptz', nullable: true })
  clock: Date | null;

  @Column({ name: 'resumed_at', type: 'timestamptz', nullable: true })
  resumedAt: Date | null;
}
