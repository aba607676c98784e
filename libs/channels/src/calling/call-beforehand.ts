import type { SendOutcome } from '@app/contracts';
import { callProvider, type ProviderRequest } from './call-provider';

/** What a call that carries no message brought, or why there can be no message. */
export type Beforehand<Answer> = { ok: true; answer: Answer } | { ok: false; outcome: SendOutcome };

/**
 * Makes a call that a message needs first (a login, a look-up). Whatever becomes of it, nothing has been said to anybody:
 * what would be ambiguous for a message is simply tried again.
 */
export async function callBeforehand<Answer>(
  request: Omit<ProviderRequest<Answer>, 'vocabulary'> & {
    vocabulary: Omit<ProviderRequest<Answer>['vocabulary'], 'readId'>;
  },
): Promise<Beforehand<Answer>> {
  let answer: Answer | undefined;
  const outcome = await callProvider<Answer>({
    ...request,
    vocabulary: {
      ...request.vocabulary,
      readId: (given) => {
        answer = given;
        return given === undefined ? null : 'answered';
      },
    },
  });
  if (outcome.kind === 'accepted' && answer !== undefined) return { ok: true, answer };
  if (outcome.kind === 'ambiguous') return { ok: false, outcome: { ...outcome, kind: 'retryable' } };
  return { ok: false, outcome };
}
