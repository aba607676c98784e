import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { ContactPointEntity } from './contact-point.entity';

@Entity({ name: 'verification_codes' })
export class VerificationCodeEntity {
  @ForeignKey<ContactPointEntity>('ContactPointEntity', 'id', {
    name: 'verification_codes_contact_point_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn({
    name: 'contact_point_id',
    type: 'uuid',
    primaryKeyConstraintName: 'verification_codes_pkey',
  })
  contactPointId: string;

  @Column({ name: 'code_hash', type: 'text' })
  codeHash: string;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'tries_left', type: 'smallint' })
  triesLeft: number;

  @Column({ name: 'sent_count', type: 'smallint', default: 1 })
  sentCount: number;

  @Column({ name: 'sent_at', type: 'timestamptz', default: () => 'now()' })
  sentAt: Date;

  /** Of the link that proves the same as the code; null where none was made. */
  @Column({ name: 'link_hash', type: 'text', nullable: true })
  linkHash: string | null;
}
