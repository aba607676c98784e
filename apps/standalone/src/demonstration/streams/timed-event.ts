import type { MetricEventOnTheWire } from '@app/contracts';

/** An event of the demonstration, with its instant as a number to sort by. */
export interface TimedEvent {
  /** Epoch ms; the same instant as `wire.time`. */
  at: number;
  wire: MetricEventOnTheWire;
}

/** @param event its `time` is written from `at` */
export function timedEvent(at: number, event: Omit<MetricEventOnTheWire, 'time'>): TimedEvent {
  return { at, wire: { ...event, time: new Date(at).toISOString() } };
}

/** Rows of a comma-separated text with a header; the files used here quote nothing. */
export function rowsOfCsv(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}
