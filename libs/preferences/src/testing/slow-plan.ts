import { CHANNELS, type Channel, type FallbackStep, type Notification } from '@app/contracts';
import type { Recipient } from '../recipient';

const MINUTE_MS = 60_000;

interface SlowWay {
  key: string;
  channel: Channel;
  fate: string;
}

/**
 * The rules of planning once more, as plain lists that are worked through from top to bottom, and with a clock that is
 * read as text, minute by minute. For what is told by order, hours and caps: firings and service alerts.
 * @returns what becomes of each way, as `decision reason`, a held one with its instant instead
 */
export function slowPlan(notification: Notification, recipient: Recipient, now: number): Map<string, string> {
  const ways: SlowWay[] = [
    ...recipient.contactPoints.map(({ contactPointId, channel }) => ({
      key: contactPointId,
      channel,
      fate: '',
    })),
    { key: 'inbox', channel: 'inbox', fate: '' },
  ];
  const { topic, sheet } = recipient;
  const steps = (topic.isCritical ? topic.steps : (sheet.steps ?? topic.steps)) ?? [];
  for (const way of ways) way.fate = refusal(way, notification, recipient, steps);
  if (topic.isCritical && !ways.some(isRung))
    for (const way of ways) if (/channelNotAsked|notByDefault/.test(way.fate)) way.fate = '';

  const open = ways.filter(({ fate }) => fate === '');
  const helps = !topic.isCritical || open.some((way) => isRung(way) && isIn(steps, way));
  const at = helps ? steps.findIndex((step) => open.some((way) => isIn([step], way))) : -1;
  const [current, following] = [steps[at], at < 0 ? [] : steps.slice(at + 1)];
  const isNow = (way: SlowWay): boolean =>
    !current || isIn([current], way) || (way.channel === 'inbox' && !isIn(following, way));
  const told = open.filter(isNow);
  const counted = new Map<string, number>();
  for (const way of told) way.fate = when(way, { notification, recipient, now, counted });
  const put = told.filter(({ fate }) => /digest|cap/.test(fate));
  const isGathered = put.length > 0 && told.every((way) => way.channel === 'inbox' || put.includes(way));
  for (const way of open.filter((each) => !isNow(each))) {
    if (!isIn(following, way)) way.fate = 'suppressed notInSteps';
    else way.fate = isGathered ? 'suppressed digestOnEarlierStep' : 'fallback laterStep';
  }
  return new Map(ways.map(({ key, fate }) => [key, fate]));
}

function isRung({ channel, fate }: SlowWay): boolean {
  return channel !== 'inbox' && fate === '';
}

function isIn(steps: readonly FallbackStep[], { channel }: SlowWay): boolean {
  return steps.some((step) => step.channels.includes(channel));
}

function refusal(
  { key, channel }: SlowWay,
  { channels, topic }: Notification,
  { customerId, contactPoints, suppressed, topic: policy, preferences }: Recipient,
  steps: readonly FallbackStep[],
): string {
  const point = contactPoints.find(({ contactPointId }) => contactPointId === key);
  if (point && point.customerId !== customerId) return 'suppressed notTheirs';
  if (point && !point.verifiedAt) return 'suppressed notVerified';
  if (suppressed.has(key)) return 'suppressed addressSuppressed';
  const named = steps.flatMap((step) => step.channels);
  const usual = [...(policy.channels ?? CHANNELS.filter((each) => each !== 'voice')), ...named];
  if (channels && !channels.includes(channel)) return 'suppressed channelNotAsked';
  if (policy.isCritical) return channels || usual.includes(channel) ? '' : 'suppressed notByDefault';
  const said = preferences.filter((each) => each.topic === topic && each.channel === channel);
  if (said.some(({ enabled }) => !enabled)) return 'suppressed switchedOff';
  return said.length > 0 || channels || usual.includes(channel) ? '' : 'suppressed notByDefault';
}

interface Moment {
  notification: Notification;
  recipient: Recipient;
  now: number;
  /** By cap and span, what this plan took. */
  counted: Map<string, number>;
}

function when({ channel }: SlowWay, { notification, recipient, now, counted }: Moment): string {
  const { sheet, topic } = recipient;
  if (topic.isCritical) return 'sent';
  const isInbox = channel === 'inbox';
  const digest = sheet.digests?.[notification.topic] ?? topic.digest;
  if (digest.every !== 'time' && !isInbox) return 'digested digest';
  let at = now;
  while (!isInbox && isQuiet(recipient, at)) at = Math.floor(at / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const caps = (isInbox ? (['inbox'] as const) : ([channel, 'all'] as const)).flatMap((name) =>
    capsAt(name, recipient, at),
  );
  for (const { place, limit, before } of caps)
    if (before + (counted.get(place) ?? 0) >= limit) return 'capped cap';
  for (const { place } of caps) counted.set(place, (counted.get(place) ?? 0) + 1);
  return at > now ? `deferred ${at}` : 'sent';
}

/** The hour or day is named by how a clock on the wall begins to show it. */
function capsAt(
  name: Channel | 'all',
  { sheet, used, timeZone }: Recipient,
  at: number,
): { place: string; limit: number; before: number }[] {
  const { perHour, perDay } = sheet.caps?.[name] ?? {};
  return (['hour', 'day'] as const).flatMap((span) => {
    const limit = span === 'hour' ? perHour : perDay;
    if (limit === undefined) return [];
    const nameOf = (t: number): string => shown(t, timeZone).slice(0, span === 'hour' ? 13 : 10);
    const before = used
      .filter((use) => use.channel === name && use.span === span && nameOf(use.startsAt) === nameOf(at))
      .reduce((sum, use) => sum + use.used, 0);
    return [{ place: `${name} ${span} ${nameOf(at)}`, limit, before }];
  });
}

function isQuiet({ sheet, timeZone }: Recipient, at: number): boolean {
  const [date = '', time = ''] = shown(at, timeZone).split('T');
  const today = weekdayOf(date);
  const yesterday = today === 1 ? 7 : today - 1;
  const inWindow = sheet.quietHours?.some(({ days, from, to }) =>
    from < to
      ? days.includes(today) && time >= from && time < to
      : (days.includes(today) && time >= from) || (days.includes(yesterday) && time < to),
  );
  return inWindow || (sheet.holidays?.includes(date) ?? false);
}

function weekdayOf(date: string): number {
  return new Date(`${date}T12:00:00Z`).getUTCDay() || 7;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function shown(at: number, timeZone: string): string {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  clocks.set(timeZone, clock);
  return clock.format(at).replace(' ', 'T');
}
