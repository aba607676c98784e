import { MailServer } from '../../test/harness/providers/mail-server';

/** A mail server in a process of its own; asked, it says how many mails it has, and forgets what they said. */
async function main(): Promise<void> {
  const server = await new MailServer({ tls: 'none' }).start();
  let before = 0;
  process.on('message', () => {
    before += server.received.length;
    server.received.length = 0;
    process.send?.({ mails: before });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port: server.port });
}

void main();
