import { EventReader, parseEvent } from '@app/contracts';
import type { Metric } from '@app/contracts';
import { TransitionLog } from '@app/rules';
import { judged, median } from '../report';
import type { Bench } from '../report';
import { timed } from './cpu-clock';
import { METRIC, linearScan, nameOf, ourEngine } from './engines';
import { mix } from './fingerprint';
import { aWorkload } from './workload';
import type { Workload } from './workload';

const SUBJECTS = 1_000_000;
const EVENTS = 500_000;
const ROUNDS = 3;
const NOW = 1_790_000_000_000;

const metrics: ReadonlyMap<string, Metric> = new Map([
  [
    METRIC,
    {
      ...{ name: METRIC, title: 'balance', unit: 'EUR', scale: 2, kind: 'gauge', visibility: 'owned' },
      ...{ allowedLatenessMs: 60_000, startsAtZero: false, retentionDays: 90 },
    } as Metric,
  ],
]);

/** Few rules on very many series, such as balances: from the bytes of an event to its transitions. */
export const matchPrivate: Bench = {
  name: 'match-private',
  async run(report) {
    const work = aWorkload({ seriesCount: SUBJECTS, rulesEach: 3, events: EVENTS, step: 300_000 });
    const bytes = asJson(work);
    const expected = linearScan(work).pass();
    const ways = { 'JSON read by the road': readAndMatch, 'JSON.parse': parseAndMatch };
    for (const [way, match] of Object.entries(ways)) {
      const { matcher } = ourEngine({ ...work, eventSeries: new Int32Array(0) });
      const log = new TransitionLog();
      const pass = (): number => match({ bytes, matcher, log });
      if (pass() !== expected) throw new Error(`match-private: ${way} and the scan disagree`);
      const ours = median(Array.from({ length: ROUNDS }, () => EVENTS / timed(pass).seconds));
      const name = `subjects=${SUBJECTS} rules=3, ${way}`;
      const line = { bench: 'match-private', case: name, unit: 'events/s', goal: 300_000 } as const;
      report(judged({ ...line, ours, better: 'higher' }));
    }
  },
};

interface Road {
  bytes: Buffer[];
  matcher: ReturnType<typeof ourEngine>['matcher'];
  log: TransitionLog;
}

function readAndMatch({ bytes, matcher, log }: Road): number {
  const reader = new EventReader();
  let print = 0;
  for (let event = 0; event < bytes.length; event += 1) {
    const message = bytes[event]!;
    if (!reader.read(message, 0, message.length, { metrics, now: NOW }))
      throw new Error('an event was not read');
    const { subjectFrom, subjectTo } = reader;
    const series = matcher.findSeriesIn(reader.metric.name, message, subjectFrom, subjectTo);
    print = matched({ matcher, log }, print, event, [series, reader.value, reader.at]);
  }
  return print;
}

function parseAndMatch({ bytes, matcher, log }: Road): number {
  let print = 0;
  for (let event = 0; event < bytes.length; event += 1) {
    const parsed = parseEvent(bytes[event]!.toString('utf8'), metrics, NOW);
    if (!parsed.ok) throw new Error(parsed.detail);
    const { metric, subject, value, at } = parsed.event;
    print = matched({ matcher, log }, print, event, [matcher.findSeries(metric, subject), value, at]);
  }
  return print;
}

function matched(
  { matcher, log }: Omit<Road, 'bytes'>,
  print: number,
  event: number,
  [series, value, at]: [number, number, number],
): number {
  log.clear();
  matcher.match(series, value, at, log);
  let mixed = print;
  for (let i = 0; i < log.length; i += 1) {
    const transition = log.transitionAt(i);
    if (transition !== 'none') mixed = mix(mixed, log.instanceIdAt(i), event, transition === 'fired');
  }
  return mixed;
}

/** Events of some 140 bytes side by side, as a batch from the log holds them. All have the same time. */
function asJson({ eventSeries, eventValue }: Workload): Buffer[] {
  const time = new Date(NOW - 1_000).toISOString();
  const texts = Array.from(eventSeries, (series, event) => {
    const amount = (eventValue[event]! / 100).toFixed(2);
    return `{"id":"e${event}","source":"core-banking","metric":"${METRIC}","subject":"${nameOf(series)}","value":"${amount}","time":"${time}"}`;
  });
  const all = Buffer.from(texts.join(''));
  let from = 0;
  return texts.map((text) => all.subarray(from, (from += text.length)));
}
