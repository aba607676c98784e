import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first schema: catalogue and customers, rules and their state, the road, messages, access. */
export class CreateSchema1795305600000 implements MigrationInterface {
  name = 'CreateSchema1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [CATALOGUE, RULES, ROAD, ALERTS, DELIVERY, SERVICE_ALERTS, ACCESS])
      await runner.query(statements);
  }

  async down(): Promise<void> {
    throw new Error('There is nothing before the first schema: restore a backup or drop the database.');
  }
}

const CATALOGUE = `
create table metrics (
  name text primary key,
  title text not null,
  unit text not null,
  scale smallint not null,
  kind text not null,
  visibility text not null,
  created_at timestamptz not null default now()
);
create table customers (
  id text primary key,
  name text not null,
  time_zone text not null,
  language text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table holdings (
  customer_id text not null references customers (id) on delete cascade,
  subject text not null,
  relation text not null,
  created_at timestamptz not null default now(),
  primary key (customer_id, subject, relation)
);
create index holdings_by_subject on holdings (subject, relation);
create table contact_points (
  id uuid primary key,
  customer_id text not null references customers (id) on delete cascade,
  channel text not null,
  address text not null,
  verified_at timestamptz,
  created_at timestamptz not null default now(),
  unique (customer_id, channel, address)
);
create table verification_codes (
  contact_point_id uuid primary key references contact_points (id) on delete cascade,
  code_hash text not null,
  expires_at timestamptz not null,
  tries_left smallint not null,
  sent_count smallint not null default 1,
  sent_at timestamptz not null default now()
);
create table preferences (
  customer_id text not null references customers (id) on delete cascade,
  topic text not null,
  channel text not null,
  enabled boolean not null,
  updated_at timestamptz not null default now(),
  primary key (customer_id, topic, channel)
);`;

// The API owns rules and `watched`; the dispatcher alone writes the state columns of rule_instances.
const RULES = `
create sequence rule_revisions;
create table rules (
  id uuid primary key,
  customer_id text not null references customers (id) on delete cascade,
  title text not null,
  metric text not null references metrics (name),
  operator text not null,
  threshold bigint not null,
  upper bigint,
  recovery bigint,
  subject_kind text not null,
  lifecycle text not null,
  on_create text not null,
  topic text not null,
  channels text[],
  notify_recovery boolean not null,
  status text not null,
  condition_version integer not null default 1,
  revision bigint not null default nextval('rule_revisions'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index rules_by_customer on rules (customer_id, created_at, id);
create index rules_by_revision on rules (revision);
create table rule_instances (
  id bigint generated always as identity primary key,
  rule_id uuid not null references rules (id) on delete cascade,
  subject text not null,
  partition integer not null,
  watched boolean not null default true,
  condition_version integer,
  state text not null default 'unknown',
  armed boolean not null default true,
  spent boolean not null default false,
  transition_seq integer not null default 0,
  since timestamptz,
  unique (rule_id, subject)
);
create index rule_instances_to_load on rule_instances (partition) where watched;
create table series (
  metric text not null,
  subject text not null,
  partition integer not null,
  value bigint not null,
  at timestamptz not null,
  primary key (metric, subject)
);
create index series_by_partition on series (partition);
create index series_by_subject on series (subject);`;

const ROAD = `
create table partition_offsets (
  log text not null,
  partition integer not null,
  epoch bigint not null default 0,
  next_offset bigint not null default 0,
  checkpoint_offset bigint not null default 0,
  owner text,
  taken_at timestamptz,
  primary key (log, partition)
);
create table dead_letters (
  id bigint generated always as identity primary key,
  log text not null,
  partition integer not null,
  "offset" bigint not null,
  key text,
  payload text not null,
  reason text not null,
  detail text not null,
  received_at timestamptz not null default now(),
  unique (log, partition, "offset")
);
create table event_log_heads (
  partition integer primary key,
  next_offset bigint not null default 0,
  owner text,
  owner_until timestamptz
);
create table event_log_records (
  partition integer not null,
  "offset" bigint not null,
  key text,
  value bytea not null,
  appended_at timestamptz not null default clock_timestamp(),
  primary key (partition, "offset")
);
create table event_log_members (
  member text primary key,
  seen_until timestamptz not null
);`;

const ALERTS = `
create table alerts (
  id uuid primary key,
  seq bigserial,
  instance_id bigint not null references rule_instances (id) on delete cascade,
  rule_id uuid not null references rules (id) on delete cascade,
  condition_version integer not null,
  customer_id text not null,
  metric text not null,
  subject text not null,
  transition_seq integer not null,
  rule_title text not null,
  condition text not null,
  opened_at timestamptz not null,
  opened_value bigint not null,
  resolved_at timestamptz,
  resolved_value bigint,
  ended_by text,
  created_at timestamptz not null default now(),
  unique (instance_id, transition_seq)
);
create unique index alerts_by_seq on alerts (seq);
create index alerts_by_customer on alerts (customer_id, seq);
create index alerts_by_rule on alerts (rule_id, seq);
create index alerts_open on alerts (instance_id) where resolved_at is null;
create table notifications (
  id uuid primary key,
  seq bigserial,
  customer_id text,
  topic text not null,
  lane text not null,
  channels text[],
  kind text not null,
  facts jsonb not null,
  alert_id uuid,
  service_alert_id uuid,
  caused_at timestamptz not null,
  created_at timestamptz not null default now(),
  planned_at timestamptz
);
create index notifications_to_plan on notifications (lane, seq) where planned_at is null;
create index notifications_by_alert on notifications (alert_id) where alert_id is not null;
create index notifications_by_service_alert on notifications (service_alert_id) where service_alert_id is not null;
create index notifications_by_customer on notifications (customer_id, seq);
create table decisions (
  id bigint generated always as identity primary key,
  notification_id uuid not null references notifications (id) on delete cascade,
  channel text,
  contact_point_id uuid,
  decision text not null,
  reason text not null,
  decided_at timestamptz not null default now()
);
create index decisions_by_notification on decisions (notification_id);`;

const DELIVERY = `
create table deliveries (
  id uuid primary key,
  seq bigserial,
  notification_id uuid not null references notifications (id) on delete cascade,
  customer_id text,
  contact_point_id uuid,
  channel text not null,
  lane text not null,
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
  finished_at timestamptz
);
create unique index deliveries_by_seq on deliveries (seq);
create index deliveries_due on deliveries (lane, not_before) where state in ('pending', 'retry');
create index deliveries_leased on deliveries (lease_until) where state = 'sending';
create index deliveries_by_customer on deliveries (customer_id, seq);
create index deliveries_by_notification on deliveries (notification_id);
create table attempts (
  id uuid primary key,
  delivery_id uuid not null references deliveries (id) on delete cascade,
  attempt_no integer not null,
  lease_epoch integer not null,
  provider text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  outcome text,
  reason text not null default '',
  provider_message_id text
);
create index attempts_by_delivery on attempts (delivery_id, lease_epoch);
create table outbox_messages (
  delivery_id uuid primary key,
  seq bigserial,
  channel text not null,
  address text not null,
  subject text not null,
  body text not null,
  html text not null,
  kept_at timestamptz not null default now()
);
create unique index outbox_messages_by_seq on outbox_messages (seq);
create table inbox_messages (
  delivery_id uuid primary key,
  seq bigserial,
  customer_id text not null,
  subject text not null,
  body text not null,
  kept_at timestamptz not null default now(),
  read_at timestamptz
);
create index inbox_messages_by_customer on inbox_messages (customer_id, seq);`;

const SERVICE_ALERTS = `
create table service_alerts (
  id uuid primary key,
  seq bigserial,
  title text not null,
  text text not null,
  severity text not null,
  topic text not null,
  audience jsonb not null,
  public_post boolean not null,
  status text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz,
  cancelled_at timestamptz
);
create unique index service_alerts_by_seq on service_alerts (seq);`;

const ACCESS = `
create table api_keys (
  id uuid primary key,
  title text not null,
  hash text not null unique,
  last_four text not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create table idempotency_records (
  principal text not null,
  key text not null,
  request_hash text not null,
  status smallint,
  body text,
  created_at timestamptz not null default now(),
  primary key (principal, key)
);
create index idempotency_records_by_age on idempotency_records (created_at);
create table settings (
  name text primary key,
  value text not null
);`;
