import type { Carrier } from '../delivery/carriers/carrier';
import type { Carriers } from '../delivery/carriers/carriers';

/** Calls that may be made now, by one carrier. */
export interface AllowedCalls {
  carrier: Carrier;
  count: number;
  /** @param used how many are made; the rest goes back to whom it was taken from */
  take(used: number): Promise<void>;
}

/** The carriers that mail many people in one call. A call counts once against a rate, as it does with the provider. */
export class MailCalls {
  constructor(private readonly carriers: Carriers) {}

  /** The most people for whom one call may be; null where no carrier takes many. */
  get atMost(): number | null {
    const [carrier] = this.able;
    return carrier?.adapter.manyAtMost ?? null;
  }

  /** @returns null where none may be called now */
  async allow(wanted: number): Promise<AllowedCalls | null> {
    if (this.able.every((carrier) => carrier.opensInMs > 0)) return null;
    const { allowance } = await this.carriers.openings('bulk', wanted);
    const carrier = this.able.find((one) => one.opensInMs === 0 && allowance.left(one.provider) > 0);
    const take = async (used: number): Promise<void> => {
      for (let n = 0; n < used; n += 1) allowance.use(carrier?.provider ?? '');
      if (used > 0) carrier?.take();
      await this.carriers.giveBack(allowance);
    };
    if (carrier) {
      const count = Math.min(carrier.isBroken ? 1 : wanted, allowance.left(carrier.provider));
      return { carrier, count, take };
    }
    await take(0);
    return null;
  }

  private get able(): Carrier[] {
    return this.carriers.of('email').filter((carrier) => carrier.adapter.sendMany !== undefined);
  }
}
