import { createServer, type AddressInfo, type Server } from 'node:net';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter } from '../channel-adapter';
import { SEND_REASONS, type SendReason } from '../send-reason';

/** What the kit asks of a server that speaks a provider's protocol and misbehaves as told. */
export interface ExercisedServer {
  readonly url: string;
  readonly connections: number;
  readonly received: readonly { accepted: boolean; id: string | null }[];
  start(): Promise<unknown>;
  stop(): Promise<void>;
  failNext(failure: ServerFailure, times?: number): void;
  until(condition: (received: readonly unknown[]) => boolean): Promise<void>;
}

export interface ServerFailure {
  status?: number;
  reset?: boolean;
  resetAfterAccept?: boolean;
  hang?: boolean;
  hangAfterAccept?: boolean;
  slowBody?: number;
  breakBody?: boolean;
  garbage?: boolean | 'gzip';
  headers?: Record<string, string>;
}

export interface ProviderExercise {
  /** A fresh server, not started yet. */
  server(): ExercisedServer;
  /** An adapter with the server's credentials, or with wrong ones. */
  open(options: { baseUrl: string; timeoutMs: number; wrongCredentials?: boolean }): ChannelAdapter;
  /**
   * A new message that the provider takes in.
   * @param baseUrl of the server, for channels whose address is a URL
   * @param isWrong with such an address: one whose secret part is not the server's
   */
  message(baseUrl: string, isWrong?: boolean): OutgoingMessage;
  /** How wrong credentials are told, where they are a part of the address; default `unauthorized`. */
  strangersReason?: SendReason;
  /** What must never show in an outcome or on the console; addresses and texts of messages are added. */
  secrets: string[];
  /**
   * Where the provider puts the id that proves acceptance: an id in a header outlives a broken body. `word`: there is no
   * id, a word in the body proves it, and our own attempt's id stands in. `status`: there is nothing but the status, and
   * the delivery's id stands in.
   */
  proof: 'body' | 'header' | 'word' | 'status';
  /** For providers that mean something else than the rest by a status of 400 and more. */
  kindOf?: (status: number) => SendOutcome['kind'];
}

/** Statuses that say the request was not processed; every other 4xx is a refusal. */
const NOT_PROCESSED = [408, 421, 425, 429];
/** HTTP allows no body in these, so an id in the body cannot be read. */
const BODILESS = [204, 205];
/** Long enough for loopback on a busy machine, short enough to wait for. */
const IMPATIENT_MS = 600;
const PATIENT_MS = 15_000;

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/**
 * What every channel with a provider behind it promises, tried with the provider's own SDK over HTTP.
 * A new adapter is added here and nowhere else; what is peculiar to one provider is tested beside this call.
 */
export function exerciseProvider(name: string, exercise: ProviderExercise): void {
  describe(`${name} keeps the promises of a channel:`, () => {
    let server: ExercisedServer;
    let adapters: ChannelAdapter[];
    const baseUrls = new WeakMap<ChannelAdapter, string>();
    let printed: jest.SpyInstance[];
    const isProvenByHead = exercise.proof === 'header' || exercise.proof === 'status';

    beforeEach(async () => {
      server = exercise.server();
      adapters = [];
      printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
        jest.spyOn(console, method).mockImplementation(() => undefined),
      );
      await server.start();
    });
    afterEach(async () => {
      const onConsole = JSON.stringify(printed.flatMap((spy) => spy.mock.calls as unknown[]));
      printed.forEach((spy) => spy.mockRestore());
      await Promise.all(adapters.map((adapter) => adapter.close()));
      await server.stop();
      for (const secret of exercise.secrets) expect(onConsole).not.toContain(secret);
    });

    function open(
      options: { baseUrl?: string; timeoutMs?: number; wrongCredentials?: boolean } = {},
    ): ChannelAdapter {
      const where = { baseUrl: server.url, timeoutMs: PATIENT_MS, ...options };
      const adapter = exercise.open(where);
      adapters.push(adapter);
      baseUrls.set(adapter, where.baseUrl);
      return adapter;
    }

    /** Every outcome of this kit passes through here: it never rejects, has a known reason and tells no secret. */
    async function send(
      adapter: ChannelAdapter,
      signal = new AbortController().signal,
      message = exercise.message(baseUrls.get(adapter) ?? ''),
    ): Promise<SendOutcome> {
      const outcome = await adapter.send(message, signal);
      if (outcome.kind !== 'accepted') expect(SEND_REASONS).toContain(outcome.reason);
      const told = JSON.stringify(outcome);
      for (const secret of [...exercise.secrets, message.to, message.text])
        expect(told).not.toContain(secret);
      return outcome;
    }

    async function kindsByStatus(adapter: ChannelAdapter, statuses: number[]): Promise<Map<number, string>> {
      const kinds = new Map<number, string>();
      for (const status of statuses) {
        server.failNext({ status });
        kinds.set(status, (await send(adapter)).kind);
      }
      return kinds;
    }

    it('an accepted message carries the id that the provider gave it', async () => {
      const message = exercise.message(server.url);
      const outcome = await send(open(), undefined, message);
      const ours = { word: message.attemptId, status: message.deliveryId };
      const id = { body: null, header: null, ...ours }[exercise.proof] ?? server.received[0]?.id;
      expect(outcome).toEqual({ kind: 'accepted', providerMessageId: id });
    });

    it('every 2xx with a readable id is accepted, and without one ambiguous', async () => {
      const kinds = await kindsByStatus(open(), range(200, 299));
      const unread = isProvenByHead ? [] : BODILESS;
      for (const [status, kind] of kinds) {
        expect([status, kind]).toEqual([status, unread.includes(status) ? 'ambiguous' : 'accepted']);
      }
    });

    it('no redirect is followed, since it would carry our credentials somewhere else', async () => {
      const adapter = open();
      for (const [status, kind] of await kindsByStatus(adapter, range(300, 399))) {
        expect([status, kind]).toEqual([status, 'retryable']);
      }
      const before = server.received.length;
      server.failNext({ status: 307, headers: { location: `${server.url}/elsewhere` } });
      expect((await send(adapter)).kind).toBe('retryable');
      expect(server.received.length).toBe(before + 1);
    });

    it('every 4xx is a refusal, but for those that say "not processed"', async () => {
      for (const [status, kind] of await kindsByStatus(open(), range(400, 499))) {
        const usual = NOT_PROCESSED.includes(status) ? 'retryable' : 'rejected';
        expect([status, kind]).toEqual([status, exercise.kindOf?.(status) ?? usual]);
      }
    });

    it('every 5xx is ambiguous: a server that failed may have sent first', async () => {
      for (const [status, kind] of await kindsByStatus(open(), range(500, 599))) {
        expect([status, kind]).toEqual([status, exercise.kindOf?.(status) ?? 'ambiguous']);
      }
    });

    it('a provider that asks for patience in seconds is given it', async () => {
      server.failNext({ status: 429, headers: { 'retry-after': '17' } });
      expect(await send(open())).toMatchObject({
        kind: 'retryable',
        reason: 'throttled',
        retryAfterMs: 17_000,
      });
    });

    it('a provider that asks for patience until a date is given it', async () => {
      server.failNext({
        status: 429,
        headers: { 'retry-after': new Date(Date.now() + 90_000).toUTCString() },
      });
      const outcome = await send(open());
      expect(outcome).toMatchObject({ kind: 'retryable', reason: 'throttled' });
      const wait = 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? 0) : 0;
      expect(wait).toBeGreaterThan(60_000);
      expect(wait).toBeLessThanOrEqual(90_000);
    });

    it('wrong credentials are named as what they are', async () => {
      const outcome = await send(
        open({ wrongCredentials: true }),
        undefined,
        exercise.message(server.url, true),
      );
      const kind = exercise.kindOf?.(401) ?? 'rejected';
      expect(outcome).toEqual({ kind, reason: exercise.strangersReason ?? 'unauthorized' });
      expect(server.received.filter((each) => each.accepted)).toHaveLength(0);
    });

    it('where nobody listens, or nobody has that name, nothing can have left', async () => {
      const port = await closedPort();
      const refused = await send(open({ baseUrl: `http://127.0.0.1:${port}` }));
      expect(refused).toEqual({ kind: 'retryable', reason: 'unreachable' });
      const nameless = await send(open({ baseUrl: 'http://nobody.invalid:1', timeoutMs: IMPATIENT_MS }));
      expect(nameless).toEqual({ kind: 'retryable', reason: 'unreachable' });
    });

    it('where TLS fails, or never comes about, nothing can have left', async () => {
      const failing = await send(open({ baseUrl: server.url.replace('http:', 'https:') }));
      expect(failing).toEqual({ kind: 'retryable', reason: 'unreachable' });
      const mute = await muteServer();
      const port = (mute.address() as AddressInfo).port;
      const silent = await send(open({ baseUrl: `https://127.0.0.1:${port}`, timeoutMs: IMPATIENT_MS }));
      expect(silent).toEqual({ kind: 'retryable', reason: 'unreachable' });
      mute.close();
    });

    it.each([{ hang: true }, { hangAfterAccept: true }])(
      'no answer in time is ambiguous (%o)',
      async (failure) => {
        const adapter = open({ timeoutMs: IMPATIENT_MS });
        await send(adapter);
        server.failNext(failure);
        expect(await send(adapter)).toEqual({ kind: 'ambiguous', reason: 'timeout' });
        expect(server.received[1]?.accepted).toBe('hangAfterAccept' in failure);
      },
    );

    it.each([{ reset: true }, { resetAfterAccept: true }])(
      'a reset connection is ambiguous (%o)',
      async (failure) => {
        server.failNext(failure);
        expect(await send(open())).toEqual({ kind: 'ambiguous', reason: 'connectionReset' });
        expect(server.received[0]?.accepted).toBe('resetAfterAccept' in failure);
      },
    );

    it('an answer that takes its time is read to its end', async () => {
      server.failNext({ slowBody: 300 });
      expect((await send(open())).kind).toBe('accepted');
    });

    it('an answer that drips on for ever ends with the time for a call, counted once and not from each byte', async () => {
      const adapter = open({ timeoutMs: IMPATIENT_MS });
      await send(adapter);
      server.failNext({ slowBody: 60_000 });
      const began = performance.now();
      const outcome = await send(adapter);
      expect(performance.now() - began).toBeLessThan(IMPATIENT_MS * 4);
      expect(outcome.kind).toBe(isProvenByHead ? 'accepted' : 'ambiguous');
    });

    it('an answer that breaks off is ambiguous, unless its head has proven acceptance', async () => {
      server.failNext({ breakBody: true });
      expect((await send(open())).kind).toBe(isProvenByHead ? 'accepted' : 'ambiguous');
    });

    it.each([true, 'gzip' as const])('a success that nobody can read is ambiguous (%s)', async (garbage) => {
      server.failNext({ garbage });
      const proven = exercise.proof === 'status' && { kind: 'accepted' };
      expect(await send(open())).toMatchObject(proven || { kind: 'ambiguous', reason: 'unreadableAnswer' });
    });

    it('a refusal or a throttle that nobody can read is still one', async () => {
      const adapter = open();
      server.failNext({ status: 400, headers: { 'content-encoding': 'gzip' } });
      expect((await send(adapter)).kind).toBe(exercise.kindOf?.(400) ?? 'rejected');
      server.failNext({ status: 429, breakBody: true });
      expect(await send(adapter)).toMatchObject({ kind: 'retryable', reason: 'throttled' });
    });

    it('a call that is called off before it began leaves nothing', async () => {
      const outcome = await send(open(), AbortSignal.abort());
      expect(outcome).toEqual({ kind: 'retryable', reason: 'aborted' });
      expect(server.received).toHaveLength(0);
    });

    it('a call that is called off after the request arrived ends at once, and is ambiguous', async () => {
      server.failNext({ hangAfterAccept: true });
      const stop = new AbortController();
      const sending = send(open(), stop.signal);
      await server.until((received) => received.length === 1);
      stop.abort();
      expect(await sending).toEqual({ kind: 'ambiguous', reason: 'aborted' });
    });

    it('a message whose time has passed is not sent', async () => {
      const message = { ...exercise.message(server.url), expiresAt: Date.now() - 1 };
      const outcome = await open().send(message, new AbortController().signal);
      expect(outcome).toEqual({ kind: 'rejected', reason: 'expired' });
      expect(server.received).toHaveLength(0);
    });

    it('one connection serves one message after another, and closing leaves none behind', async () => {
      const adapter = open();
      for (let count = 0; count < 10; count += 1) expect((await send(adapter)).kind).toBe('accepted');
      expect(server.connections).toBe(1);
      await adapter.close();
      await eventually(() => server.connections === 0);
    });

    it('hundreds at once are all carried, and a bad one among them disturbs no other', async () => {
      const adapter = open();
      server.failNext({ reset: true });
      server.failNext({ status: 500 });
      const outcomes = await Promise.all(range(1, 400).map(() => send(adapter)));
      expect(outcomes.filter((outcome) => outcome.kind === 'accepted')).toHaveLength(398);
      expect(server.received.filter((each) => each.accepted)).toHaveLength(398);
    });
  });
}

export interface KeeperExercise {
  /** Opens the channel over a store that `keep` stands for. */
  open(keep: (message: OutgoingMessage) => Promise<void>): ChannelAdapter;
  message(): OutgoingMessage;
}

/** What every channel that ends in a store of ours promises. */
export function exerciseKeeper(name: string, { open, message }: KeeperExercise): void {
  describe(`${name} keeps the promises of a channel:`, () => {
    const signal = new AbortController().signal;

    it('a kept message is accepted under its delivery id', async () => {
      const kept = new Map<string, OutgoingMessage>();
      const one = message();
      const adapter = open(async (each) => void kept.set(each.deliveryId, each));
      expect(await adapter.send(one, signal)).toEqual({
        kind: 'accepted',
        providerMessageId: one.deliveryId,
      });
      expect(kept.get(one.deliveryId)).toEqual(one);
    });

    it('it says that it may be repeated, and a repetition shows one message', async () => {
      const kept = new Map<string, OutgoingMessage>();
      const one = message();
      const adapter = open(async (each) => void kept.set(each.deliveryId, each));
      expect(adapter.idempotent).toBe(true);
      const first = await adapter.send(one, signal);
      expect(await adapter.send({ ...one, attemptId: 'another' }, signal)).toEqual(first);
      expect(kept.size).toBe(1);
    });

    it.each([
      ['rejects', async () => Promise.reject(new Error('secret of the store'))],
      [
        'throws',
        () => {
          throw new Error('secret of the store');
        },
      ],
    ])('a store that %s is tried again, and its words stay inside', async (_how, keep) => {
      const outcome = await open(keep).send(message(), signal);
      expect(outcome).toEqual({ kind: 'retryable', reason: 'storeFailed' });
    });

    it('a call that is called off ends at once', async () => {
      const never = open(() => new Promise<void>(() => undefined));
      expect(await never.send(message(), AbortSignal.abort())).toEqual({
        kind: 'retryable',
        reason: 'aborted',
      });
      const stop = new AbortController();
      const sending = never.send(message(), stop.signal);
      stop.abort();
      expect(await sending).toEqual({ kind: 'ambiguous', reason: 'aborted' });
    });

    it('a message whose time has passed is not kept', async () => {
      const keep = jest.fn(async () => undefined);
      const outcome = await open(keep).send({ ...message(), expiresAt: Date.now() - 1 }, signal);
      expect(outcome).toEqual({ kind: 'rejected', reason: 'expired' });
      expect(keep).not.toHaveBeenCalled();
    });
  });
}

/** A port that was free a moment ago and where nobody listens. */
async function closedPort(): Promise<number> {
  const server = await muteServer();
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Accepts connections and never says a word. */
async function muteServer(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function eventually(condition: () => boolean): Promise<void> {
  const until = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > until) throw new Error('not so within 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
