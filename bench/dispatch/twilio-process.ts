import { FakeTwilio, type TwilioFields } from '../../test/harness/providers/twilio-server';
import type { ProviderAnswer, ProviderRequest } from '../../test/harness/providers/provider-server';

/** Checks every text as the harness does, and keeps only their number. */
class CountingTwilio extends FakeTwilio {
  taken = 0;

  protected override judge(request: ProviderRequest, fields: TwilioFields | null): ProviderAnswer {
    const answer = super.judge(request, fields);
    this.received.length = 0;
    if (answer.accepted) this.taken += 1;
    return answer;
  }
}

/** What a bench tells its server: how long it takes over an answer; what it has taken in is answered to all. */
export interface Told {
  latencyMs?: number;
}

async function main(): Promise<void> {
  const server = new CountingTwilio();
  await server.start();
  process.on('message', ({ latencyMs }: Told) => {
    if (latencyMs !== undefined) server.latencyMs = latencyMs;
    process.send?.({ texts: server.taken });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url: server.url });
}

void main();
