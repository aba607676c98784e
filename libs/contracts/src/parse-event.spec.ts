import fc from 'fast-check';
import type { Metric } from './metric';
import { MAX_EVENT_BYTES, parseEvent } from './parse-event';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const balance: Metric = {
  name: 'account.balance',
  title: 'balance',
  unit: 'EUR',
  scale: 2,
  kind: 'gauge',
  visibility: 'owned',
};
const metrics = new Map([[balance.name, balance]]);
const good = {
  id: 'e1',
  source: 'core',
  metric: 'account.balance',
  subject: 'account:42',
  value: '92.10',
  time: '2026-05-01T11:59:00Z',
};
const parse = (event: unknown) =>
  parseEvent(typeof event === 'string' ? event : JSON.stringify(event), metrics, NOW);

describe('an event on the wire', () => {
  it('is read exactly', () => {
    expect(parse(good)).toEqual({
      ok: true,
      metric: balance,
      event: {
        id: 'e1',
        source: 'core',
        metric: 'account.balance',
        subject: 'account:42',
        value: 9_210,
        at: NOW - 60_000,
      },
    });
  });

  it.each([
    ['{', 'notJson'],
    ['{"value": NaN}', 'notJson'],
    ['[]', 'notAnEvent'],
    ['null', 'notAnEvent'],
    [{ ...good, id: '' }, 'notAnEvent'],
    [{ ...good, id: 7 }, 'notAnEvent'],
    [{ ...good, source: undefined }, 'notAnEvent'],
    [{ ...good, subject: 'x'.repeat(201) }, 'notAnEvent'],
    [{ ...good, subject: 'a\u0000b' }, 'notAnEvent'],
    [{ ...good, time: 'yesterday' }, 'notAnEvent'],
    [{ ...good, time: '2026-05-01' }, 'notAnEvent'],
    [{ ...good, time: '2026-02-30T00:00:00Z' }, 'notAnEvent'],
    [{ ...good, time: '2026-05-01T25:00:00Z' }, 'notAnEvent'],
    [{ ...good, metric: 'no.such' }, 'unknownMetric'],
    [{ ...good, metric: '__proto__' }, 'unknownMetric'],
    [{ ...good, value: null }, 'valueNotNumeric'],
    [{ ...good, time: '2026-05-01T12:05:01Z' }, 'timeInFuture'],
    [{ ...good, attributes: { padding: 'x'.repeat(MAX_EVENT_BYTES) } }, 'tooLarge'],
  ])('%j is refused as %s', (event, reason) => {
    expect(parse(event)).toMatchObject({ ok: false, reason });
  });

  it('may be dated up to five minutes ahead, and on a leap day', () => {
    expect(parse({ ...good, time: '2026-05-01T12:05:00Z' }).ok).toBe(true);
    expect(parse({ ...good, time: '2024-02-29T00:00:00+02:00' }).ok).toBe(true);
  });

  it('over 64 KiB is refused by its bytes, not by its characters', () => {
    expect(parse({ ...good, attributes: { padding: 'ä'.repeat(MAX_EVENT_BYTES / 2) } })).toMatchObject({
      reason: 'tooLarge',
    });
  });

  it('whatever it is never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.record({ id: fc.anything(), time: fc.anything() }).map((x) => JSON.stringify(x) ?? ''),
        ),
        (text) => typeof parse(text).ok === 'boolean',
      ),
    );
  });
});
