import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Service alerts to very many: the audience as it was confirmed, what is sent together, and a ledger of the people. */
export class AddBroadcasts1795478500000 implements MigrationInterface {
  name = 'AddBroadcasts1795478500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
alter table service_alerts
  add column people integer,
  add column paused_at timestamptz;
create table broadcast_pages (
  alert_seq integer not null,
  page integer not null,
  people integer not null,
  customer_ids text[],
  state text not null default 'waiting',
  lease_until timestamptz,
  as_notifications integer not null default 0,
  not_told integer not null default 0,
  gone integer not null default 0,
  primary key (alert_seq, page)
);
create index broadcast_pages_open on broadcast_pages (alert_seq, page) where customer_ids is not null;
create table broadcast_batches (
  alert_seq integer not null,
  batch integer not null,
  seq bigint not null,
  channel text not null,
  language text not null,
  page integer not null,
  first_seq bigint not null,
  last_seq bigint not null,
  people integer not null,
  failed integer not null default 0,
  withdrawn integer not null default 0,
  state text not null,
  attempt_no integer not null default 0,
  lease_epoch integer not null default 0,
  lease_owner text,
  lease_until timestamptz,
  not_before timestamptz not null default now(),
  expires_at timestamptz not null,
  duplicate_possible boolean not null default false,
  reason text not null default '',
  provider text,
  provider_message_id text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (alert_seq, batch)
);
create index broadcast_batches_open on broadcast_batches (not_before) where state in ('pending', 'sending', 'ambiguous');
create table broadcast_recipients (
  alert_seq integer not null,
  batch integer,
  seq bigint not null,
  customer_id text not null,
  contact_point_id uuid,
  channel text,
  state text,
  reason text not null,
  passed_over text,
  primary key (alert_seq, seq)
);
create index broadcast_recipients_by_customer on broadcast_recipients (customer_id, alert_seq);`;

const DOWN = `
drop table broadcast_recipients, broadcast_batches, broadcast_pages;
alter table service_alerts drop column people, drop column paused_at;`;
