/**
 * npm passes on the ctrl-C that the terminal has sent to its whole group, so one keystroke arrives twice; a
 * person needs longer than this to press again.
 */
const SAME_KEYSTROKE_MS = 700;

export interface StopRequest {
  /** Aborted at the first request. */
  signal: AbortSignal;
  /** Called at a second one. */
  onImpatience: (kill: () => void) => void;
}

/** Turns ctrl-C, SIGTERM and a closed terminal into one request to stop, and a repeated one into impatience. */
export function listenForStop(
  source: Pick<NodeJS.Process, 'on'> = process,
  now: () => number = Date.now,
): StopRequest {
  const controller = new AbortController();
  let firstAt = 0;
  let kill: () => void = () => undefined;
  const ask = (): void => {
    if (!controller.signal.aborted) {
      firstAt = now();
      controller.abort();
    } else if (now() - firstAt > SAME_KEYSTROKE_MS) {
      kill();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) source.on(signal, ask);
  return { signal: controller.signal, onImpatience: (action) => void (kill = action) };
}
