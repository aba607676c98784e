import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Delivery in full: preferences, digests and steps, providers and their health, receipts, consent, templates. */
export class ExtendDelivery1795478400000 implements MigrationInterface {
  name = 'ExtendDelivery1795478400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [PREFERENCES, PLANNING, CONTACT_POINTS, PROVIDERS, RECEIPTS, CONSENT, TEMPLATES])
      await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const PREFERENCES = `
create table topics (
  name text primary key,
  policy jsonb not null,
  updated_at timestamptz not null default now()
);
create table preference_sheets (
  customer_id text primary key references customers (id) on delete cascade,
  version integer not null default 1,
  sheet jsonb not null,
  updated_at timestamptz not null default now()
);`;

const PLANNING = `
alter table customers add column plan_epoch integer not null default 0;
alter table customers set (fillfactor = 90);
alter table notifications
  add column replanned_at timestamptz,
  add column step smallint not null default 0;
alter table decisions
  add column not_before timestamptz,
  add column detail jsonb;
alter table deliveries
  add column step smallint not null default 0,
  add column deferred_by text,
  add column pinned_provider text,
  add column digest_id uuid,
  add column counted jsonb,
  add column followed boolean not null default false;
create index deliveries_to_follow on deliveries (notification_id)
  where followed and state in ('failed', 'expired', 'withdrawn', 'cancelled');
create table digests (
  id uuid primary key,
  customer_id text not null references customers (id) on delete cascade,
  key text not null,
  topic text not null,
  channel text not null,
  contact_point_id uuid,
  because text not null,
  closes_at timestamptz not null,
  state text not null default 'open',
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  unique (customer_id, key, closes_at)
);
create index digests_due on digests (closes_at) where state = 'open';
create table digest_items (
  digest_id uuid not null references digests (id) on delete cascade,
  notification_id uuid not null references notifications (id) on delete cascade,
  way text not null,
  seq bigint not null,
  outcome text,
  primary key (notification_id, way)
);
create index digest_items_by_digest on digest_items (digest_id, seq);
create table cap_usage (
  customer_id text not null references customers (id) on delete cascade,
  channel text not null,
  span text not null,
  starts_at timestamptz not null,
  used integer not null,
  primary key (customer_id, channel, span, starts_at)
);
create index cap_usage_by_age on cap_usage (starts_at);
create table delivery_steps (
  notification_id uuid primary key references notifications (id) on delete cascade,
  next_step smallint not null,
  due_at timestamptz not null,
  stop_on text not null
);
create index delivery_steps_due on delivery_steps (due_at);`;

const CONTACT_POINTS = `
alter table contact_points
  add column provider text,
  add column keys jsonb,
  add column failing_since timestamptz,
  add column disabled_at timestamptz,
  add column disabled_reason text;
create index inbox_messages_unread on inbox_messages (customer_id, seq) where read_at is null;`;

const PROVIDERS = `
create table provider_health (
  channel text not null,
  provider text not null,
  weight smallint not null,
  pinned smallint,
  version integer not null default 1,
  reason text not null default '',
  changed_at timestamptz not null default now(),
  primary key (channel, provider)
);
create table provider_health_history (
  id bigint generated always as identity primary key,
  channel text not null,
  provider text not null,
  weight smallint not null,
  reason text not null,
  changed_at timestamptz not null default now()
);
create table token_buckets (
  name text primary key,
  tokens double precision not null,
  refilled_at timestamptz not null default now()
);
alter table deliveries add column avoid_provider text;
drop index deliveries_due;
create index deliveries_due on deliveries (lane, channel, not_before) where state in ('pending', 'retry');
alter table attempts
  add column ask_at timestamptz,
  add column asked_at timestamptz,
  add column ask_count smallint not null default 0;
create index attempts_to_ask on attempts (ask_at) where ask_at is not null;
create index attempts_by_start on attempts using brin (started_at);`;

const RECEIPTS = `
create table receipts (
  id bigint generated always as identity primary key,
  provider text not null,
  event_id text not null,
  attempt_id uuid,
  provider_message_id text,
  state text not null,
  reason text not null default '',
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  applied_at timestamptz,
  detail jsonb,
  looks smallint not null default 0,
  look_at timestamptz not null default now(),
  unique (provider, event_id)
);
create index receipts_by_attempt on receipts (attempt_id) where attempt_id is not null;
create index receipts_waiting on receipts (look_at, id) where applied_at is null;
alter table deliveries
  add column receipt text,
  add column receipt_at timestamptz;
create index deliveries_given_up on deliveries (seq) where state in ('failed', 'ambiguous', 'expired');
create index deliveries_by_contact_point on deliveries (contact_point_id, seq) where contact_point_id is not null;
create index attempts_by_message on attempts (provider, provider_message_id) where provider_message_id is not null;`;

const CONSENT = `
create table suppressions (
  id uuid primary key,
  channel text not null,
  address text not null,
  customer_id text,
  topic text,
  reason text not null,
  source text not null,
  created_at timestamptz not null default now(),
  appealed_at timestamptz,
  appeal text,
  lifted_at timestamptz,
  lifted_by text
);
create unique index suppressions_active on suppressions (channel, address, customer_id, topic, reason) nulls not distinct
  where lifted_at is null;
create index suppressions_by_customer on suppressions (customer_id);
create index suppressions_by_age on suppressions (created_at, id);
alter table verification_codes add column link_hash text;
create table inbound_messages (
  provider text not null,
  provider_message_id text not null,
  channel text not null,
  sender text not null,
  customer_id text,
  text text not null,
  action text not null,
  answer text not null,
  received_at timestamptz not null default now(),
  primary key (provider, provider_message_id)
);
create index inbound_messages_by_sender on inbound_messages (channel, sender, received_at);
create index inbound_messages_by_customer on inbound_messages (customer_id) where customer_id is not null;
create table audit_entries (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  customer_id text,
  detail jsonb not null,
  content_hash text not null,
  hash text not null,
  erased_at timestamptz
);
create index audit_entries_by_customer on audit_entries (customer_id, id) where customer_id is not null;`;

const TEMPLATES = `
create table templates (
  kind text not null,
  channel text not null,
  language text not null,
  version integer not null default 1,
  subject text not null,
  text text not null,
  html text not null,
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (kind, channel, language)
);
create table template_faults (
  kind text not null,
  channel text not null,
  language text not null,
  fault text not null,
  count integer not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  primary key (kind, channel, language, fault)
);`;

const DOWN = `
drop table template_faults, templates, audit_entries, inbound_messages, suppressions, receipts, token_buckets,
  provider_health_history, provider_health, delivery_steps, cap_usage, digest_items, digests, preference_sheets, topics;
alter table verification_codes drop column link_hash;
alter table attempts drop column ask_at, drop column asked_at, drop column ask_count;
drop index attempts_by_message, attempts_by_start, deliveries_due;
create index deliveries_due on deliveries (lane, not_before) where state in ('pending', 'retry');
drop index deliveries_given_up, deliveries_by_contact_point;
alter table deliveries drop column step, drop column deferred_by, drop column pinned_provider, drop column digest_id,
  drop column avoid_provider, drop column receipt, drop column receipt_at, drop column counted, drop column followed;
alter table decisions drop column not_before, drop column detail;
alter table notifications drop column replanned_at, drop column step;
alter table customers drop column plan_epoch;
alter table customers reset (fillfactor);
drop index inbox_messages_unread;
alter table contact_points drop column provider, drop column keys, drop column failing_since, drop column disabled_at,
  drop column disabled_reason;`;
