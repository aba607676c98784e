import type { TimedEvent } from './streams/timed-event';

/** An event and when it is played, as a share of the whole replay from 0 to 1. */
export interface Beat {
  position: number;
  event: TimedEvent;
}

/**
 * Lays streams of different eras over each other: each one is stretched so that its first event is at 0 and its
 * last at 1, and keeps its own rhythm in between, its nights and weekends included.
 *
 * @param streams each in order of time
 * @returns in order of play; what a stream has before another event of its own stays before it
 */
export function layOut(streams: readonly TimedEvent[][]): Beat[] {
  return streams
    .flatMap((stream) => {
      const first = stream[0]?.at ?? 0;
      const span = Math.max((stream.at(-1)?.at ?? 0) - first, 1);
      return stream.map((event) => ({ position: (event.at - first) / span, event }));
    })
    .sort((a, b) => a.position - b.position); // stable: ties keep the order of the streams
}

/** @returns index of the first beat after `position`, at or behind `from` */
export function firstAfter(timeline: readonly Beat[], position: number, from: number): number {
  let index = from;
  while (index < timeline.length && (timeline[index]?.position ?? 1) <= position) index += 1;
  return index;
}
