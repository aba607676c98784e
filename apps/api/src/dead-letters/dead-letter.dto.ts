import type { RefusalReason } from '@app/contracts';

export class DeadLetterView {
  id: number;
  /** `http` for what the ingest refused; otherwise the event log it was read from. */
  log: string;
  partition: number;
  offset: number;
  /** The subject, if it had one. */
  key: string | null;
  /** What came, cut to what is worth keeping. */
  payload: string;
  /** Stable word. */
  reason: RefusalReason;
  detail: string;
  receivedAt: Date;
}

export class DeadLetterPage {
  items: DeadLetterView[];
  nextCursor: string | null;
}
