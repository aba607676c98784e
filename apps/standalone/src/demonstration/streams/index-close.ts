import { rowsOfCsv, timedEvent, type TimedEvent } from './timed-event';

/**
 * `sp500-2000.csv`: one row for each trading day, in order of time.
 *
 * The file carries prices as 32-bit floats written with six decimals (1455.219971 for 1455.22), so the close is
 * put back to cents; no row lies half-way between two. Its instant is 21:00 UTC, 16:00 in New York in winter.
 */
export function indexCloses(csv: string): TimedEvent[] {
  return rowsOfCsv(csv).map(({ date, close }) =>
    timedEvent(Date.parse(`${date}T21:00:00Z`), {
      id: `sp500-${date}`,
      source: 'vega-datasets/sp500-2000.csv',
      metric: 'index.close',
      subject: 'index:SP500',
      value: Number(close).toFixed(2),
    }),
  );
}
