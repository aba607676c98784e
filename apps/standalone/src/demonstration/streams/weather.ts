import { rowsOfCsv, timedEvent, type TimedEvent } from './timed-event';

/**
 * `seattle-weather.csv`: one row for each day, in order of time; rain in mm and the night's low in degrees
 * Celsius. The instant is 20:00 UTC, noon in Seattle in winter, so that the day is the same in most zones.
 * The wind is left out: the data does not make its unit certain.
 */
export function weather(csv: string): TimedEvent[] {
  return rowsOfCsv(csv).flatMap(({ date, precipitation = '', temp_min = '' }) =>
    [
      { metric: 'weather.rain', value: precipitation },
      { metric: 'weather.low', value: temp_min },
    ].map(({ metric, value }) =>
      timedEvent(Date.parse(`${date}T20:00:00Z`), {
        id: `${metric}-${date}`,
        source: 'vega-datasets/seattle-weather.csv',
        metric,
        subject: 'place:Seattle',
        value,
      }),
    ),
  );
}
