import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { earthquakes, type QuakeFeature } from './earthquakes';
import { flightDelays, type FlightRow } from './flight-delays';
import { indexCloses } from './index-close';
import type { TimedEvent } from './timed-event';
import { weather } from './weather';

/**
 * Reads the four data files of the npm package `vega-datasets` and turns their rows into events.
 * @returns one list for each file, each in order of time; docs/DEMONSTRATION.md states the mapping
 */
export async function readStreams(): Promise<TimedEvent[][]> {
  // The package exports its entry alone (build/index.js); the files lie beside it.
  const folder = join(dirname(require.resolve('vega-datasets')), '..', 'data');
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const [closes, flights, quakes, days] = await Promise.all([
    read('sp500-2000.csv'),
    read('flights-20k.json'),
    read('earthquakes.json'),
    read('seattle-weather.csv'),
  ]);
  return [
    indexCloses(closes),
    flightDelays(JSON.parse(flights) as FlightRow[]),
    earthquakes((JSON.parse(quakes) as { features: QuakeFeature[] }).features),
    weather(days),
  ];
}
