import { timedEvent, type TimedEvent } from './timed-event';

export interface QuakeFeature {
  id: string;
  properties: { mag: number; place: string; time: number; type: string };
}

/**
 * `earthquakes.json`: one week of the world's earthquakes, newest first in the file; explosions and quarry
 * blasts are left out.
 *
 * The region is what follows the last comma of the place ("87km NE of Hualian, Taiwan"), or all of it where
 * there is none ("Gulf of Alaska"); the value is the magnitude of the region's latest earthquake.
 */
export function earthquakes(features: readonly QuakeFeature[]): TimedEvent[] {
  return features
    .filter(({ properties }) => properties.type === 'earthquake')
    .sort((a, b) => a.properties.time - b.properties.time)
    .map(({ id, properties }) =>
      timedEvent(properties.time, {
        id: `quake-${id}`,
        source: 'vega-datasets/earthquakes.json',
        metric: 'earthquake.magnitude',
        subject: `region:${regionOf(properties.place)}`,
        value: properties.mag,
      }),
    );
}

function regionOf(place: string): string {
  return place.slice(place.lastIndexOf(',') + 1).trim();
}
