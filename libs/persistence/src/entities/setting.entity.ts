import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'settings' })
export class SettingEntity {
  @PrimaryColumn({ name: 'name', type: 'text', primaryKeyConstraintName: 'settings_pkey' })
  name: string;

  @Column({ name: 'value', type: 'text' })
  value: string;
}
