import { FakeSendGrid } from '../../test/harness/providers/sendgrid-server';
import type { ProviderAnswer, ProviderRequest } from '../../test/harness/providers/provider-server';
import type { SendGridMail } from '../../test/harness/providers/sendgrid-words';

/** What the server has taken in so far, as it tells whoever asks. */
export interface Taken {
  people: number;
  calls: number;
  refused: number;
  /** Epoch ms at which the last request was there. */
  lastAt: number;
}

/** Checks every mail as the harness does, and keeps only numbers: a million mails would not fit. */
class CountingSendGrid extends FakeSendGrid {
  readonly taken: Taken = { people: 0, calls: 0, refused: 0, lastAt: 0 };

  protected override judge(request: ProviderRequest, mail: SendGridMail | null): ProviderAnswer {
    const answer = super.judge(request, mail);
    this.received.length = 0;
    this.taken.lastAt = Date.now();
    this.taken.calls += 1;
    if (!answer.accepted) this.taken.refused += 1;
    else this.taken.people += (mail?.personalizations as unknown[]).length;
    return answer;
  }
}

async function main(): Promise<void> {
  const server = new CountingSendGrid();
  await server.start();
  process.on('message', () => process.send?.(server.taken));
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url: server.url });
}

void main();
