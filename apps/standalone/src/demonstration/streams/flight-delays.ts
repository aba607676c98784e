import { timedEvent, type TimedEvent } from './timed-event';

export interface FlightRow {
  /** `2001/01/01 00:47`: a local clock time without a zone. */
  date: string;
  /** Minutes; negative is early. */
  delay: number;
  origin: string;
  destination: string;
}

/**
 * `flights-20k.json`: one row for each flight, in order of time.
 *
 * The data names neither flight numbers nor cancellations, so the subject is the line, `flight:LAX-PHX`, and its
 * value the delay of the line's latest flight. The clock time is read as UTC. Where a line has two flights in
 * one minute (twice in the file), the later row gets the next second, so that their order stays certain.
 */
export function flightDelays(rows: readonly FlightRow[]): TimedEvent[] {
  const lastOfLine = new Map<string, number>();
  return rows.map(({ date, delay, origin, destination }, index) => {
    const line = `${origin}-${destination}`;
    const clock = Date.parse(`${date.replaceAll('/', '-').replace(' ', 'T')}:00Z`);
    const at = lastOfLine.get(line) === clock ? clock + 1000 : clock;
    lastOfLine.set(line, at);
    return timedEvent(at, {
      id: `flight-${index}`,
      source: 'vega-datasets/flights-20k.json',
      metric: 'flight.delay',
      subject: `flight:${line}`,
      value: delay,
    });
  });
}
