import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules beyond a level: composed terms and their progress, measures, notices, history, maintenance. */
export class ExtendRules1795392000000 implements MigrationInterface {
  name = 'ExtendRules1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [CATALOGUE, RULES, ROAD, MEASURES, MAINTENANCE]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const CATALOGUE = `
alter table metrics
  add column allowed_lateness_ms integer not null default 60000,
  add column retention_days integer not null default 90,
  add column starts_at_zero boolean not null default false;
alter table customers add column attributes jsonb not null default '{}';`;

// Without composed terms a row is as narrow as before: nulls take a bit each, and most rules are plain.
const RULES = `
alter table rules
  add column composed jsonb,
  add column notices jsonb,
  add column partner_rule_id uuid,
  add column expires_at timestamptz,
  add column snoozed_until timestamptz,
  add column threshold_attribute text,
  add column severity text;
alter table rule_instances
  add column progress jsonb,
  add column notice jsonb,
  add column notice_due_at timestamptz;
create index rule_instances_notice_due on rule_instances (partition, notice_due_at) where notice_due_at is not null;
-- A transition rewrites an instance, an end its alert. With room beside it only that page changes; without, each index does.
alter table rule_instances set (fillfactor = 90);
alter table alerts set (fillfactor = 80);
drop index alerts_open;
alter table alerts
  add column severity text,
  add column opened_by text not null default 'value',
  add column level integer not null default 0,
  add column told boolean not null default false,
  add column held_reason text,
  add column measure text,
  add column unit text,
  add column scale smallint;
update alerts set told = true;`;

const ROAD = `
alter table partition_offsets
  add column commits bigint not null default 0,
  add column clock timestamptz,
  add column resumed_at timestamptz;
alter table series add column clock_at timestamptz;
-- A checkpoint writes every row anew: with room beside it no index has to know, which is two thirds of its cost.
alter table series set (fillfactor = 50);`;

const MEASURES = `
create table measures (
  metric text not null,
  subject text not null,
  key text not null,
  partition integer not null,
  state jsonb not null,
  primary key (metric, subject, key)
);
create index measures_by_partition on measures (partition);
create table history (
  metric text not null,
  subject text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  points bytea not null,
  count integer not null,
  primary key (metric, subject, from_at)
);
create index history_by_age on history (metric, to_at);`;

const MAINTENANCE = `
create table maintenance_windows (
  id uuid primary key,
  title text not null,
  metric text,
  subject text,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index maintenance_windows_by_end on maintenance_windows (ends_at);`;

const DOWN = `
drop table maintenance_windows, history, measures;
alter table series reset (fillfactor);
alter table series drop column clock_at;
alter table partition_offsets drop column commits, drop column clock, drop column resumed_at;
alter table alerts drop column severity, drop column opened_by, drop column level, drop column told,
  drop column held_reason, drop column measure, drop column unit, drop column scale;
create index alerts_open on alerts (instance_id) where resolved_at is null;
alter table alerts reset (fillfactor);
alter table rule_instances reset (fillfactor);
alter table rule_instances drop column progress, drop column notice, drop column notice_due_at;
alter table rules drop column composed, drop column notices, drop column partner_rule_id, drop column expires_at,
  drop column snoozed_until, drop column threshold_attribute, drop column severity;
alter table customers drop column attributes;
alter table metrics drop column allowed_lateness_ms, drop column retention_days, drop column starts_at_zero;`;
