import { createTransport } from 'nodemailer';

/** What the bare loop is told, as one JSON argument; it answers with mails a second on stdout. */
export interface BareMail {
  port: number;
  mails: number;
  connections: number;
  /** Mails offered to the pool at once. */
  atOnce: number;
  subject: string;
  text: string;
  html: string;
}

const WARM_UP = 500;

/** A nodemailer pool, and nothing else: no store, no plan, nothing written for each reader. */
async function main(): Promise<void> {
  const { port, mails, connections, atOnce, ...words } = JSON.parse(process.argv[2] ?? '') as BareMail;
  const where = { host: '127.0.0.1', port, ignoreTLS: true, maxConnections: connections, maxMessages: 500 };
  const transport = createTransport({ pool: true, ...where });
  const send = async (count: number, from: number): Promise<void> => {
    let next = 0;
    const loop = async (): Promise<void> => {
      for (let n = (next += 1); n <= count; n = next += 1) {
        const to = `c${String(from + n).padStart(7, '0')}@customers.example`;
        await transport.sendMail({ from: 'alerts@tidings.example', to, ...words });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, loop));
  };
  await send(WARM_UP, 0);
  const began = performance.now();
  await send(mails, WARM_UP);
  console.log(mails / ((performance.now() - began) / 1_000));
  transport.close();
}

void main();
