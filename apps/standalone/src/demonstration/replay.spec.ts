import { setImmediate as turn } from 'node:timers/promises';
import { replay } from './replay';
import { timedEvent } from './streams/timed-event';
import { layOut } from './timeline';

const timeline = layOut([
  Array.from({ length: 2500 }, (_, at) =>
    timedEvent(at, { id: String(at), source: 's', metric: 'm', subject: 'x:1', value: at }),
  ),
]);

function aPlan(signal = new AbortController().signal) {
  const published: string[] = [];
  const sizes: number[] = [];
  const marks: number[] = [];
  return {
    published,
    sizes,
    marks,
    // 0.18 ms for the whole: everything is due at once
    plan: {
      timeline,
      from: 0,
      speed: 1_000_000,
      signal,
      publish: async (events: { id: string }[]) => {
        await turn();
        published.push(...events.map(({ id }) => id));
        sizes.push(events.length);
      },
      played: async (upTo: number) => void marks.push(upTo),
    },
  };
}

const ids = (from: number): string[] => timeline.slice(from).map(({ event }) => event.wire.id);

describe('the replay', () => {
  it('plays every event once and in order, in batches that one request may carry', async () => {
    const { plan, published, sizes } = aPlan();
    await replay(plan);
    expect(published).toEqual(ids(0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
  });

  it('goes on where an earlier run stopped', async () => {
    const { plan, published, marks } = aPlan();
    await replay({ ...plan, from: 2100 });
    expect(published).toEqual(ids(2100));
    expect(marks.at(-1)).toBe(2500);
  });

  it('marks a batch as played only after it was taken', async () => {
    const { plan, published, marks } = aPlan();
    const refuse = async (): Promise<void> => {
      if (published.length >= 1000) throw new Error('the API is gone');
    };
    const publish = async (events: { id: string }[]): Promise<void> => {
      await refuse();
      await plan.publish(events);
    };
    await expect(replay({ ...plan, publish })).rejects.toThrow('the API is gone');
    expect(marks.at(-1)).toBe(published.length);
  });

  it('stops between two batches when it is told to', async () => {
    const controller = new AbortController();
    const { plan, marks } = aPlan(controller.signal);
    const played = async (upTo: number): Promise<void> => {
      marks.push(upTo);
      controller.abort();
    };
    await expect(replay({ ...plan, played })).rejects.toMatchObject({ name: 'AbortError' });
    expect(marks).toHaveLength(1);
  });
});
