import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an admin decided about a category of notifications; topics without a row are told by default. */
@Entity({ name: 'topics' })
export class TopicEntity {
  @PrimaryColumn({ name: 'name', type: 'text', primaryKeyConstraintName: 'topics_pkey' })
  name: string;

  /** A `TopicPolicy`, without its name. */
  @Column({ name: 'policy', type: 'jsonb' })
  policy: unknown;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
