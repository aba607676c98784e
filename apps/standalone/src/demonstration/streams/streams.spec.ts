import { earthquakes } from './earthquakes';
import { flightDelays } from './flight-delays';
import { indexCloses } from './index-close';
import { readStreams } from './read-streams';
import { weather } from './weather';

describe('a row of the data becomes an event', () => {
  it('with the close of a trading day put back to cents', () => {
    const csv = 'date,open,high,low,close,adjclose,volume\n2000-01-03,1,2,3,1455.219971,4,5';
    expect(indexCloses(csv)).toEqual([
      {
        at: Date.UTC(2000, 0, 3, 21),
        wire: {
          id: 'sp500-2000-01-03',
          source: 'vega-datasets/sp500-2000.csv',
          metric: 'index.close',
          subject: 'index:SP500',
          value: '1455.22',
          time: '2000-01-03T21:00:00.000Z',
        },
      },
    ]);
  });

  it('with the delay of a flight under its line, and an order for two in one minute', () => {
    const row = { date: '2001/02/18 20:40', origin: 'PHX', destination: 'SAN' };
    const events = flightDelays([
      { ...row, delay: 35 },
      { ...row, delay: -3 },
      { ...row, delay: 7, origin: 'LAX' },
    ]);
    expect(events.map(({ wire }) => [wire.id, wire.subject, wire.value, wire.time])).toEqual([
      ['flight-0', 'flight:PHX-SAN', 35, '2001-02-18T20:40:00.000Z'],
      ['flight-1', 'flight:PHX-SAN', -3, '2001-02-18T20:40:01.000Z'],
      ['flight-2', 'flight:LAX-SAN', 7, '2001-02-18T20:40:00.000Z'],
    ]);
  });

  it('with the magnitude of an earthquake under its region, oldest first, without explosions', () => {
    const quake = (id: string, time: number, place: string, type = 'earthquake') => ({
      id,
      properties: { mag: 4.6, place, time, type },
    });
    const events = earthquakes([
      quake('c', 3000, '87km NE of Hualian, Taiwan'),
      quake('b', 2000, '2km W of Quarry, CA', 'explosion'),
      quake('a', 1000, 'Gulf of Alaska'),
    ]);
    expect(events.map(({ wire }) => [wire.id, wire.subject, wire.value, wire.time])).toEqual([
      ['quake-a', 'region:Gulf of Alaska', 4.6, '1970-01-01T00:00:01.000Z'],
      ['quake-c', 'region:Taiwan', 4.6, '1970-01-01T00:00:03.000Z'],
    ]);
  });

  it('with rain and the low of a day as two measurements', () => {
    const csv = 'date,precipitation,temp_max,temp_min,wind,weather\n2012-01-02,10.9,10.6,-2.8,4.5,rain\n';
    expect(weather(csv).map(({ wire }) => [wire.id, wire.metric, wire.value, wire.time])).toEqual([
      ['weather.rain-2012-01-02', 'weather.rain', '10.9', '2012-01-02T20:00:00.000Z'],
      ['weather.low-2012-01-02', 'weather.low', '-2.8', '2012-01-02T20:00:00.000Z'],
    ]);
  });
});

describe('the four files', () => {
  it('are found in their package, with every row that the documentation counts', async () => {
    expect((await readStreams()).map((stream) => stream.length)).toEqual([5105, 20000, 1679, 2922]);
  });

  it('give every event an id of its own, and every series instants that only grow', async () => {
    const events = (await readStreams()).flat();
    expect(new Set(events.map(({ wire }) => wire.id)).size).toBe(events.length);
    const last = new Map<string, number>();
    const disordered = events.filter(({ at, wire }) => {
      const series = `${wire.metric} ${wire.subject}`;
      const isLater = at > (last.get(series) ?? -Infinity);
      last.set(series, at);
      return !isLater;
    });
    expect(disordered).toEqual([]);
  });
});
