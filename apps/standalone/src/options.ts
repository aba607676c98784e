import { parseArgs } from 'node:util';

export interface Options {
  /** No demonstration: nothing but the system itself. */
  empty: boolean;
  /** How many times faster than its usual three minutes the demonstration runs. */
  speed: number;
  help: boolean;
}

const MAX_SPEED = 1000;

/** Reads the words after `npm start --`; what cannot be understood is a value with a plain reason. */
export function readOptions(
  words: readonly string[],
): { ok: true; options: Options } | { ok: false; problem: string } {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        empty: { type: 'boolean', default: false },
        speed: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const speed = Number(values.speed);
    if (!(speed > 0 && speed <= MAX_SPEED)) {
      return { ok: false, problem: `--speed takes a number above 0 and up to ${MAX_SPEED}` };
    }
    return { ok: true, options: { empty: values.empty, speed, help: values.help } };
  } catch (error) {
    return { ok: false, problem: (error as Error).message.split('. ')[0] ?? 'unknown option' };
  }
}

export const HELP = `npm start [-- OPTIONS]

  --empty     start without the demonstration
  --speed N   run the demonstration N times faster than its three minutes (default 1)
  --help      show this

Environment
  PORT             where to listen on 127.0.0.1 (default 3000; 0 takes a free port)
  DISPATCHER_PORT  health and metrics of the dispatcher (default: a free port)
  TIDINGS_DATA     data folder (default .tidings in the working directory)
  DATABASE_URL     a PostgreSQL of yours instead of the embedded one
  NO_COLOR         no colours in the terminal
`;
