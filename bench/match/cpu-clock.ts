/**
 * Seconds of processor time that this thread has used. What is measured here neither waits nor talks to anybody, so
 * that on an idle machine it is the time that passes; on a shared one it leaves out what others do.
 */
export function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000_000;
}

export function timed<T>(work: () => T): { seconds: number; result: T } {
  const start = cpuSeconds();
  const result = work();
  return { seconds: cpuSeconds() - start, result };
}
