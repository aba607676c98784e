import type { Channel, Lane, NotificationBody, SendOutcome } from '@app/contracts';
import { settleDelivery } from './settle-delivery';

const NOW = 1_000_000;
const DAY = 86_400_000;
const alert = { kind: 'alertFired' } as NotificationBody;
const serviceAlert = { kind: 'serviceAlert' } as NotificationBody;
const code = { kind: 'verificationCode' } as NotificationBody;

function settle(
  outcome: SendOutcome,
  more: {
    body?: NotificationBody;
    attemptNo?: number;
    lane?: Lane;
    channel?: Channel;
    onAmbiguous?: 'resend' | 'hold';
    idempotent?: boolean;
    canAsk?: boolean;
    hasOther?: boolean;
    random?: number;
    duplicatePossible?: boolean;
    expiresAt?: number;
  } = {},
) {
  const delivery = {
    attemptNo: 1,
    leaseEpoch: 1,
    body: alert,
    lane: 'normal' as const,
    channel: 'sms' as const,
    onAmbiguous: null,
    waitedFor: '',
    expiresAt: NOW + DAY,
    duplicatePossible: false,
    ...more,
  };
  return settleDelivery(delivery, outcome, {
    provider: 'twilio',
    idempotent: more.idempotent ?? false,
    canAsk: more.canAsk ?? false,
    hasOther: more.hasOther ?? false,
    now: NOW,
    random: more.random ?? 0.999_999,
  });
}

const down: SendOutcome = { kind: 'retryable', reason: 'unreachable' };
const unsure: SendOutcome = { kind: 'ambiguous', reason: 'timeout' };

describe('a delivery after an attempt', () => {
  it('is done once the provider has accepted it', () => {
    expect(settle({ kind: 'accepted', providerMessageId: 'SM1' }).state).toBe('accepted');
  });

  it('is given up at once when it was rejected, and keeps the reason', () => {
    expect(settle({ kind: 'rejected', reason: 'invalidAddress' })).toMatchObject({
      state: 'failed',
      reason: 'invalidAddress',
    });
  });

  it('waits longer after each failure, at most up to the ceiling of that try', () => {
    const waits = [1, 2, 3, 4, 11].map((attemptNo) => settle(down, { attemptNo }).waitMs);
    expect(waits.map((wait) => Math.ceil(wait / 1000))).toEqual([5, 15, 45, 120, 28_800]);
  });

  it('is spread over the whole wait, so that what failed together does not come back together', () => {
    expect(settle(down, { attemptNo: 4, random: 0 }).waitMs).toBe(0);
    expect(settle(down, { attemptNo: 4, random: 0.5 }).waitMs).toBe(60_000);
  });

  it('is given up with its reason after the last try: 12 for an alert or a service alert, 4 for a code', () => {
    expect(settle(down, { attemptNo: 11 }).state).toBe('retry');
    expect(settle(down, { attemptNo: 12 })).toMatchObject({ state: 'failed', reason: 'unreachable' });
    expect(settle(down, { body: serviceAlert, attemptNo: 11 }).state).toBe('retry');
    expect(settle(down, { body: serviceAlert, attemptNo: 12 }).state).toBe('failed');
    expect(settle(down, { body: code, attemptNo: 4 }).state).toBe('failed');
  });

  it('never comes back before the provider said it may', () => {
    expect(settle({ ...down, retryAfterMs: 60_000 }, { random: 0 }).waitMs).toBe(60_000);
  });

  it('uses no try when it was throttled, and does not hammer a provider that named no time', () => {
    const throttled = settle({ kind: 'retryable', reason: 'throttled' }, { random: 0, attemptNo: 12 });
    expect(throttled).toMatchObject({ state: 'retry', usedTry: false, waitMs: 1_000 });
  });

  it('ends now where the next try would come after the message has become pointless', () => {
    expect(settle({ ...down, retryAfterMs: 60_000 }, { body: code, expiresAt: NOW + 30_000 })).toMatchObject({
      state: 'failed',
      reason: 'unreachable',
    });
  });

  it('of an alert that may or may not have left goes again, marked as a possible second copy', () => {
    expect(settle(unsure)).toMatchObject({
      state: 'retry',
      duplicatePossible: true,
      waitMs: 120_000,
    });
  });

  it('of a service alert that may or may not have left waits for a person', () => {
    expect(settle(unsure, { body: serviceAlert, lane: 'bulk' })).toMatchObject({
      state: 'ambiguous',
      duplicatePossible: true,
    });
  });

  it('goes again without a mark where sending twice shows one message', () => {
    expect(settle(unsure, { idempotent: true })).toMatchObject({ state: 'retry', duplicatePossible: false });
  });

  it('was accepted after all, where the network refuses to post the same text twice', () => {
    const refused: SendOutcome = { kind: 'rejected', reason: 'duplicateContent' };
    expect(settle(refused, { duplicatePossible: true }).state).toBe('accepted');
    expect(settle(refused).state).toBe('failed');
  });

  it('of a service alert is asked about first, where its carrier can be asked', () => {
    const asked = settle(unsure, { body: serviceAlert, lane: 'bulk', canAsk: true });
    expect(asked).toMatchObject({ state: 'retry', duplicatePossible: true, waitMs: 120_000 });
  });

  it('follows the choice that was made for its topic, whatever its kind', () => {
    expect(settle(unsure, { onAmbiguous: 'hold' }).state).toBe('ambiguous');
    expect(settle(unsure, { onAmbiguous: 'resend', body: serviceAlert }).state).toBe('retry');
  });

  it('that is urgent goes to the other carrier at once, and takes its time after that', () => {
    const urgent = { lane: 'urgent', hasOther: true } as const;
    expect(settle(down, urgent)).toMatchObject({ state: 'retry', waitMs: 0, avoidProvider: 'twilio' });
    expect(settle(down, { ...urgent, attemptNo: 2 }).waitMs).toBeGreaterThan(14_000);
    expect(settle(down, { ...urgent, lane: 'normal' }).waitMs).toBeGreaterThan(4_000);
  });

  it('that may have left never moves to another carrier before its wait is over', () => {
    const urgent = settle(unsure, { lane: 'urgent', hasOther: true, random: 0 });
    expect(urgent).toMatchObject({ waitMs: 4_000, avoidProvider: 'twilio' });
    expect(settle(unsure, { lane: 'urgent', hasOther: true }).waitMs).toBeLessThanOrEqual(5_000);
  });

  it('that one carrier refuses for our account there is left to another, and waits for a person without one', () => {
    const account: SendOutcome = { kind: 'rejected', reason: 'configuration' };
    expect(settle(account, { hasOther: true })).toMatchObject({ state: 'retry', avoidProvider: 'twilio' });
    expect(settle(account).state).toBe('failed');
    expect(settle({ kind: 'rejected', reason: 'unauthorized' })).toMatchObject({
      state: 'retry',
      avoidProvider: null,
    });
  });

  it('to a telephone that cannot be reached is tried three times: then the next channel is the better idea', () => {
    const off: SendOutcome = { kind: 'retryable', reason: 'unreachableHandset' };
    expect(settle(off, { attemptNo: 2 }).state).toBe('retry');
    expect(settle(off, { attemptNo: 3 })).toMatchObject({ state: 'failed', reason: 'unreachableHandset' });
  });

  it('to a web hook is tried ten times over three days', () => {
    const hook = { channel: 'webhook', expiresAt: NOW + 4 * DAY } as const;
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attemptNo) => settle(down, { ...hook, attemptNo }).waitMs);
    expect(Math.round(waits.reduce((sum, wait) => sum + wait, 0) / 360_000) / 10).toBe(75.6);
    expect(settle(down, { ...hook, attemptNo: 10 }).state).toBe('failed');
  });
});
