/** What a process that reads the road is told, as one JSON argument; it answers with events a second on stdout. */
export interface Reading {
  brokers: string[];
  databaseUrl: string;
  topic: string;
  groupId: string;
  /** So many are in the topic. */
  events: number;
}

export function readingOf(argv: readonly string[]): Reading {
  return JSON.parse(argv[2] ?? '') as Reading;
}

/** From the first record handed over to the last one done. */
export class Stopwatch {
  private began = 0;
  private seen = 0;
  private finish: (eventsPerSecond: number) => void = () => undefined;
  readonly done = new Promise<number>((resolve) => (this.finish = resolve));

  constructor(private readonly events: number) {}

  start(): void {
    this.began ||= performance.now();
  }

  count(records: number): void {
    this.seen += records;
    if (this.seen >= this.events) this.finish(this.events / ((performance.now() - this.began) / 1000));
  }
}
