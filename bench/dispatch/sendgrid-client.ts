import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { SENDGRID_ACCOUNT } from '../../test/harness/providers/sendgrid-server';
import type { Taken } from './sendgrid-process';

const SERVER = resolve('dist/bench/bench/dispatch/sendgrid-process.js');

export interface SendGridProcess {
  /** What the dispatcher needs to mail through it. */
  env: Record<string, string>;
  pid: number;
  taken(): Promise<Taken>;
  stop(): void;
}

/** The harness's SendGrid in a process of its own, so that its work is not the dispatcher's. */
export async function startSendGrid(): Promise<SendGridProcess> {
  const child = fork(SERVER, { stdio: 'inherit' });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    pid: child.pid ?? 0,
    env: {
      SENDGRID_API_KEY: SENDGRID_ACCOUNT.apiKey,
      SENDGRID_FROM: SENDGRID_ACCOUNT.senders[0] ?? '',
      SENDGRID_BASE_URL: url,
      PUBLIC_URL: 'https://alerts.bank.example',
      LINK_SECRET: 'a secret of the links that is long enough',
    },
    taken: async () => {
      const answer = once(child, 'message');
      child.send('taken');
      return ((await answer) as [Taken])[0];
    },
    stop: () => void child.disconnect(),
  };
}
