import { classify, verdictByStatus, type ProviderVocabulary } from './classify';
import type { ProviderCall } from './provider-call';

const vocabulary: ProviderVocabulary<string> = {
  readId: (answer) => answer ?? null,
  verdict: (_status, failure) => (failure === 'known' ? { kind: 'rejected', reason: 'optedOut' } : null),
  retryAfterMs: () => 7_000,
};
function call(over: Partial<ProviderCall>): ProviderCall {
  const nothingYet = { begun: true, mayHaveLeft: true, status: null, headers: {}, cutShort: null };
  return { ...nothingYet, ...over } as ProviderCall;
}

describe('what a call’s end means', () => {
  it('a status that came is the truth, whatever broke afterwards', () => {
    const outcome = classify(
      call({ status: 429, cutShort: 'timeout' }),
      { failure: new Error() },
      vocabulary,
    );
    expect(outcome).toEqual({ kind: 'retryable', reason: 'throttled', retryAfterMs: 7_000 });
  });

  it('the provider’s own table goes before the status', () => {
    const outcome = classify(call({ status: 400 }), { failure: 'known' }, vocabulary);
    expect(outcome).toEqual({ kind: 'rejected', reason: 'optedOut' });
  });

  it('what the SDK refused before any request began would be refused again', () => {
    const outcome = classify(
      call({ begun: false, mayHaveLeft: false }),
      { failure: new TypeError() },
      vocabulary,
    );
    expect(outcome).toEqual({ kind: 'rejected', reason: 'internalError' });
  });

  it('an answer from a call that nobody watched proves nothing', () => {
    const outcome = classify(call({ begun: false, mayHaveLeft: false }), { answer: 'id' }, vocabulary);
    expect(outcome).toEqual({ kind: 'ambiguous', reason: 'internalError' });
  });

  it('a call that was ended while it still waited for a connection left nothing', () => {
    const outcome = classify(call({ mayHaveLeft: false, cutShort: 'timeout' }), { failure: 1 }, vocabulary);
    expect(outcome).toEqual({ kind: 'retryable', reason: 'unreachable' });
  });

  it.each([
    [302, 'retryable', 'unexpectedAnswer'],
    [401, 'rejected', 'unauthorized'],
    [404, 'rejected', 'refused'],
    [408, 'retryable', 'timeout'],
    [413, 'rejected', 'content'],
    [429, 'retryable', 'throttled'],
    [503, 'ambiguous', 'providerError'],
  ])('status %i alone means %s, %s', (status, kind, reason) => {
    expect(verdictByStatus(status)).toEqual({ kind, reason });
  });
});
