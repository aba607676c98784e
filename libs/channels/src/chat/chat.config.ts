import { readEgress } from '../egress/egress.config';
import { SettingReader, type Env } from '../provider.config';
import { VENDORS_HOSTS, type HookHosts } from './hook-hosts';
import type { SlackSettings } from './slack.channel';
import type { TeamsSettings } from './teams.channel';
import type { TelegramSettings } from './telegram.channel';

const HOST = /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

export function readSlack(reader: SettingReader): SlackSettings | null {
  const hosts = hostsOf(reader, 'SLACK_HOSTS');
  return hosts && { hosts, egress: readEgress(reader), timeoutMs: reader.timeoutMs() };
}

export function readTeams(reader: SettingReader): TeamsSettings | null {
  const hosts = hostsOf(reader, 'TEAMS_HOSTS');
  return hosts && { hosts, egress: readEgress(reader), timeoutMs: reader.timeoutMs() };
}

export function readTelegram(reader: SettingReader): TelegramSettings | null {
  const all = reader.allOrNone(['TELEGRAM_BOT_TOKEN']);
  if (!all) return null;
  reader.check(
    'TELEGRAM_BOT_TOKEN',
    /^\d{5,16}:[\w-]{30,}$/,
    'a bot’s token: its number, a colon and its secret',
  );
  return {
    token: all.TELEGRAM_BOT_TOKEN,
    baseUrl: reader.url('TELEGRAM_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}

/** Which hooks may be added as an address: the hosts that are called, or the vendors' own where that is not set. */
export function readHookHosts(env: Env): HookHosts {
  const reader = new SettingReader(env);
  return {
    slack: hostsOf(reader, 'SLACK_HOSTS') ?? VENDORS_HOSTS.slack,
    teams: hostsOf(reader, 'TEAMS_HOSTS') ?? VENDORS_HOSTS.teams,
  };
}

/** Null if the setting is not there; `default` stands for the vendor's own hosts. */
function hostsOf(reader: SettingReader, name: 'SLACK_HOSTS' | 'TEAMS_HOSTS'): string[] | null {
  const value = reader.get(name);
  if (value === undefined) return null;
  const vendors = name === 'SLACK_HOSTS' ? VENDORS_HOSTS.slack : VENDORS_HOSTS.teams;
  const hosts = value.split(',').map((host) => host.trim().toLowerCase());
  const isGood = hosts.every((host) => HOST.test(host));
  if (!isGood) reader.problem(`${name} must be a list of host names, or "default"`);
  return hosts.flatMap((host) => (host === 'default' ? vendors : host));
}
