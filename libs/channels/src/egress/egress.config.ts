import { SettingReader, type Env } from '../provider.config';

/** A name, an IPv4 address or a bracketed IPv6 address, and a port. */
const ENTRY = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+):([1-9]\d{0,4})$/i;

/** Reads EGRESS_ALLOW: hosts of ours, as `host:port` separated by commas, that customers' URLs may lead to. */
export function readEgress(reader: SettingReader): { allow: string[] } {
  const entries = (reader.get('EGRESS_ALLOW') ?? '').split(',').map((entry) => entry.trim());
  const allow = entries.filter((entry) => entry !== '');
  if (!allow.every((entry) => ENTRY.test(entry)))
    reader.problem('EGRESS_ALLOW must list host:port, separated by commas, such as hooks.intranet:8080');
  return { allow };
}

/** For a process that judges customers' URLs without sending to them. */
export function readEgressConfig(env: Env): { allow: string[]; problems: string[] } {
  const reader = new SettingReader(env);
  return { ...readEgress(reader), problems: reader.problems };
}
