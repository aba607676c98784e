import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeSelfSigned } from '../testing/self-signed';
import { openAgents, type ProviderAgents } from './provider-agent';
import { ProviderCall } from './provider-call';

/** A request as an SDK makes it: through the agent, with no thought of the call that watches it. */
function post(url: string, agents: ProviderAgents): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method: 'POST', agent: agents.https }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject).end('{}');
  });
}
const never = new AbortController().signal;

describe('a call over TLS', () => {
  const { key, cert } = makeSelfSigned();
  let answer: (response: { writeHead(status: number): { end(): void } }) => void;
  let arrived = 0;
  const server = https.createServer({ key, cert }, (request, response) => {
    request.resume().on('end', () => {
      arrived += 1;
      answer(response);
    });
  });
  const url = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let agents: ProviderAgents;

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    arrived = 0;
    answer = (response) => response.writeHead(201).end();
    agents = openAgents();
    agents.https.options.ca = cert;
  });
  afterEach(() => agents.close());

  it('sees the status that the server gave', async () => {
    const call = new ProviderCall();
    expect(await call.run(() => post(url(), agents), never, 5_000)).toBe(201);
    expect(call).toMatchObject({ status: 201, mayHaveLeft: true, cutShort: null });
  });

  it('knows that a request may have left once the handshake was done, on new connections and on used ones', async () => {
    answer = () => undefined;
    const fresh = new ProviderCall();
    await expect(fresh.run(() => post(url(), agents), never, 400)).rejects.toThrow('timeout');
    expect(fresh).toMatchObject({ status: null, mayHaveLeft: true, cutShort: 'timeout' });
    answer = (response) => response.writeHead(201).end();
    await new ProviderCall().run(() => post(url(), agents), never, 5_000);
    answer = () => undefined;
    const reused = new ProviderCall();
    await expect(reused.run(() => post(url(), agents), never, 400)).rejects.toThrow('timeout');
    expect(reused.mayHaveLeft).toBe(true);
    expect(arrived).toBe(3);
  });

  it('knows that nothing left where the certificate is not trusted', async () => {
    agents.https.options.ca = undefined;
    const call = new ProviderCall();
    await expect(call.run(() => post(url(), agents), never, 5_000)).rejects.toThrow(/certificate/);
    expect(call).toMatchObject({ begun: true, mayHaveLeft: false, status: null });
    expect(arrived).toBe(0);
  });

  it('keeps calls apart that share a connection pool', async () => {
    const good = new ProviderCall();
    const bad = new ProviderCall();
    await Promise.allSettled([
      good.run(() => post(url(), agents), never, 5_000),
      bad.run(() => post('https://127.0.0.1:1', agents), never, 5_000),
    ]);
    expect(good).toMatchObject({ status: 201, mayHaveLeft: true });
    expect(bad).toMatchObject({ status: null, mayHaveLeft: false });
  });
});
