import http from 'node:http';
import twilio from 'twilio';
import { TWILIO_ACCOUNT } from '../../test/harness/providers/twilio-server';

/** What the bare loop is to send: to as many numbers as there are texts, so many at once. */
export interface BareSms {
  url: string;
  texts: number;
  atOnce: number;
  body: string;
}

/**
 * The same SDK with the same concurrency that stores nothing, prints texts a second. It has the sockets it needs: with
 * the SDK's own 20 it would be a weaker rival.
 */
async function main({ url, texts, atOnce, body }: BareSms): Promise<void> {
  const httpClient = new twilio.RequestClient({ timeout: 10_000, autoRetry: false });
  httpClient.axios.defaults.httpAgent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  const client = twilio(TWILIO_ACCOUNT.accountSid, TWILIO_ACCOUNT.authToken, { httpClient });
  client.api.baseUrl = url;
  const from = TWILIO_ACCOUNT.numbers[0] ?? '';
  let next = 0;
  const sendAll = async (count: number): Promise<void> => {
    while (next < count) {
      const to = `+155502${String((next += 1)).padStart(5, '0')}`;
      await client.messages.create({ to, from, body, validityPeriod: 36_000 });
    }
  };
  const run = (count: number): Promise<void[]> =>
    Promise.all(Array.from({ length: atOnce }, () => sendAll(count)));
  await run(Math.ceil(texts / 5)); // code that was never run
  next = 0;
  const began = performance.now();
  await run(texts);
  console.log(texts / ((performance.now() - began) / 1_000));
  process.exit(0);
}

void main(JSON.parse(process.argv[2] ?? '') as BareSms);
