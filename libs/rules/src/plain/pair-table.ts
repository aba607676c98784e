import { grown, nextLength } from './grown';
import type { Status } from './status';

const NO_PAIR = -1;

/**
 * The other half of the instances with two cuts, such as ranges and recovery levels: 13 bytes each. Both entries in
 * the index name the pair, since neither knows alone what passing it means.
 */
export class PairTable {
  second = new Float64Array(64);
  status = new Uint8Array(64);
  /** In a free row the next free pair. */
  transitionSeq = new Int32Array(64);
  private used = 0;
  private freeHead = NO_PAIR;

  add(second: number, status: Status, transitionSeq: number): number {
    const pair = this.take();
    this.second[pair] = second;
    this.status[pair] = status;
    this.transitionSeq[pair] = transitionSeq;
    return pair;
  }

  remove(pair: number): void {
    this.transitionSeq[pair] = this.freeHead;
    this.freeHead = pair;
  }

  private take(): number {
    const free = this.freeHead;
    if (free !== NO_PAIR) {
      this.freeHead = this.transitionSeq[free]!;
      return free;
    }
    if (this.used === this.status.length) {
      const length = nextLength(this.used);
      this.second = grown(this.second, length);
      this.status = grown(this.status, length);
      this.transitionSeq = grown(this.transitionSeq, length);
    }
    this.used += 1;
    return this.used - 1;
  }
}
