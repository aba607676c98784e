import { timedEvent, type TimedEvent } from './streams/timed-event';
import { firstAfter, layOut } from './timeline';

const event = (subject: string, at: number): TimedEvent =>
  timedEvent(at, { id: `${subject}-${at}`, source: 's', metric: 'm', subject, value: 1 });

describe('the timeline', () => {
  it('lays streams of different eras over each other and keeps the rhythm of each', () => {
    const years = [event('a', 0), event('a', 7e11), event('a', 1e12)];
    const seconds = [event('b', 500), event('b', 600), event('b', 1500)];
    expect(layOut([years, seconds]).map(({ position, event: e }) => [e.wire.id, position])).toEqual([
      ['a-0', 0],
      ['b-500', 0],
      ['b-600', 0.1],
      ['a-700000000000', 0.7],
      ['a-1000000000000', 1],
      ['b-1500', 1],
    ]);
  });

  it('never puts a measurement before an earlier one of its stream', () => {
    const stream = Array.from({ length: 500 }, (_, index) => event('a', Math.floor(index / 3)));
    const played = layOut([stream, stream]).map(({ event: e }) => e.at);
    expect(played).toEqual([...played].sort((a, b) => a - b));
  });

  it('says how far a position reaches, from any point on', () => {
    const timeline = layOut([[event('a', 0), event('a', 5), event('a', 10)]]);
    expect(firstAfter(timeline, 0, 0)).toBe(1);
    expect(firstAfter(timeline, 0.5, 0)).toBe(2);
    expect(firstAfter(timeline, 0.2, 2)).toBe(2);
    expect(firstAfter(timeline, 1, 0)).toBe(3);
  });

  it('is empty without data, and bears a stream of one event', () => {
    expect(layOut([[]])).toEqual([]);
    expect(layOut([[event('a', 9)]])).toMatchObject([{ position: 0 }]);
  });
});
