import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Every change of a carrier's weight, with its reason. */
@Entity({ name: 'provider_health_history' })
export class ProviderHealthHistoryEntity {
  @PrimaryGeneratedColumn('identity', {
    name: 'id',
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'provider_health_history_pkey',
  })
  id: number;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'provider', type: 'text' })
  provider: string;

  @Column({ name: 'weight', type: 'smallint' })
  weight: number;

  @Column({ name: 'reason', type: 'text' })
  reason: string;

  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt: Date;
}
