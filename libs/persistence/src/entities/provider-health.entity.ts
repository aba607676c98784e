import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much of a channel's traffic a carrier gets now. */
@Entity({ name: 'provider_health' })
export class ProviderHealthEntity {
  @PrimaryColumn({ name: 'channel', type: 'text', primaryKeyConstraintName: 'provider_health_pkey' })
  channel: string;

  @PrimaryColumn({ name: 'provider', type: 'text', primaryKeyConstraintName: 'provider_health_pkey' })
  provider: string;

  /** 0 to 100; of all carriers of a channel 100. */
  @Column({ name: 'weight', type: 'smallint' })
  weight: number;

  /** A person's choice of weight, which stands until a person takes it back. */
  @Column({ name: 'pinned', type: 'smallint', nullable: true })
  pinned: number | null;

  @Column({ name: 'version', type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'reason', type: 'text', default: '' })
  reason: string;

  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt: Date;
}
