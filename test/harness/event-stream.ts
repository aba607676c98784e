/** One server-sent event, its data as text. */
export interface StreamedEvent {
  id: string;
  type: string;
  data: string;
}

export interface EventStream {
  status: number;
  readonly events: readonly StreamedEvent[];
  /** Waits until what was received satisfies a condition. */
  until(satisfies: (events: readonly StreamedEvent[]) => boolean): Promise<void>;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  close(): void;
}

const PATIENCE_MS = 15_000;

/** Reads a stream as a browser does, comments left out. */
export async function openStream(url: string, headers: Record<string, string>): Promise<EventStream> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  const events: StreamedEvent[] = [];
  const watchers = new Set<() => void>();
  const read = async (): Promise<void> => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      events.push(...blocks.map(eventOf).filter((event) => event !== null));
      watchers.forEach((check) => check());
    }
  };
  const ended = read().catch(() => undefined); // closed by us
  return { status: response.status, events, ended, close: () => stop.abort(), until };

  function until(satisfies: (events: readonly StreamedEvent[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!satisfies(events)) return;
        clearTimeout(timer);
        watchers.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        watchers.delete(check);
        reject(new Error(`not so within ${PATIENCE_MS} ms: ${JSON.stringify(events)}`));
      }, PATIENCE_MS);
      watchers.add(check);
      check();
    });
  }
}

function eventOf(block: string): StreamedEvent | null {
  const field = (name: string): string =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2))
      .join('\n');
  const data = field('data');
  return data === '' ? null : { id: field('id'), type: field('event'), data };
}
