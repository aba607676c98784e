import { setTimeout as delay } from 'node:timers/promises';
import type { MetricEventOnTheWire } from '@app/contracts';
import { firstAfter, type Beat } from './timeline';

/** Milliseconds of a whole replay at speed 1. */
const WHOLE_MS = 180_000;
const TICK_MS = 100;
/** The most events that one request may carry. */
const LARGEST_BATCH = 1000;

export interface ReplayPlan {
  timeline: readonly Beat[];
  /** Events already played on an earlier run. */
  from: number;
  speed: number;
  signal: AbortSignal;
  /** Resolves once the API has taken them. */
  publish: (events: MetricEventOnTheWire[]) => Promise<void>;
  /** Told after each batch; the next one waits for it. */
  played: (upTo: number) => Promise<void>;
}

/**
 * Plays the rest of the timeline at its own rhythm. One batch is on its way at a time, so the order of each
 * subject is kept; where the system is slower than the clock, the batches grow instead of the queue.
 */
export async function replay(plan: ReplayPlan): Promise<void> {
  const { timeline, speed, signal } = plan;
  const wholeMs = WHOLE_MS / speed;
  let next = plan.from;
  const startedAt = performance.now() - (timeline[next]?.position ?? 1) * wholeMs;
  while (next < timeline.length) {
    signal.throwIfAborted();
    const position = (performance.now() - startedAt) / wholeMs;
    const upTo = Math.min(firstAfter(timeline, position, next), next + LARGEST_BATCH);
    const isFull = upTo - next === LARGEST_BATCH;
    if (upTo > next) {
      await plan.publish(timeline.slice(next, upTo).map(({ event }) => event.wire));
      await plan.played(upTo);
      next = upTo;
    }
    const dueAt = startedAt + (timeline[next]?.position ?? 0) * wholeMs;
    if (!isFull) await delay(Math.max(dueAt - performance.now(), TICK_MS), undefined, { signal });
  }
}
