/** One way in which a provider's server misbehaves. Set one of the first group; the second group goes with any. */
export interface ProviderFailure {
  /** Answers with this status and the provider's own body for it; with a 2xx the message is taken in. */
  status?: number;
  /** Refuses with one of the provider's own error codes (Twilio only). */
  code?: number;
  /** Reads the request, then resets the connection without taking the message in. */
  reset?: boolean;
  /** Takes the message in, then resets the connection instead of answering. */
  resetAfterAccept?: boolean;
  /** Reads the request and never answers; the message is not taken in. */
  hang?: boolean;
  /** Takes the message in and never answers. */
  hangAfterAccept?: boolean;
  /** Takes the message in, sends the head of its answer at once and the body drop by drop over so many ms. */
  slowBody?: number;
  /** Takes the message in, sends the head and half of the body, then resets the connection. */
  breakBody?: boolean;
  /** Takes the message in and answers a success that cannot be read: no JSON, or no gzip although it says so. */
  garbage?: boolean | 'gzip';

  /** Added to the answer. */
  headers?: Record<string, string>;
  /** Replaces the answer's body; a text goes out as it is. */
  body?: unknown;
}

/** Failures in the order in which they come, and one that stays. */
export class FailurePlan {
  private readonly queued: { failure: ProviderFailure; times: number }[] = [];
  private standing: ProviderFailure | null = null;

  next(failure: ProviderFailure, times: number): void {
    this.queued.push({ failure, times });
  }

  always(failure: ProviderFailure | null): void {
    this.standing = failure;
    if (failure === null) this.queued.length = 0;
  }

  take(): ProviderFailure | null {
    const first = this.queued[0];
    if (!first) return this.standing;
    first.times -= 1;
    if (first.times <= 0) this.queued.shift();
    return first.failure;
  }
}
