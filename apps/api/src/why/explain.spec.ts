import type { Channel, ReceiptState } from '@app/contracts';
import type { ExplainedDecision } from '@app/persistence';
import { explain } from './explain';

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;

function said(hoursAgo: number, receipt: ReceiptState | null = null, channel: Channel = 'sms'): string {
  const decision: ExplainedDecision = {
    ...{ channel, contactPointId: 'c', address: '+1555', decision: 'sent', reason: 'byDefault' },
    ...{ decidedAt: new Date(NOW), notBefore: null, detail: null },
    delivery: {
      ...{ deliveryId: 'd', state: 'accepted', reason: '', receipt },
      finishedAt: new Date(NOW - hoursAgo * HOUR_MS).toISOString(),
    },
  };
  return explain([decision], 'Alerts', NOW)[0]?.words.split('. ').at(-1) ?? '';
}

describe('what became of a message that was handed over', () => {
  it('may still be heard for 72 hours, and is not known from then on', () => {
    expect(said(71.9)).toContain('It was handed over.');
    expect(said(72.1)).toContain('It was handed over; whether it arrived is not known.');
    expect(said(72.1, 'sent')).toContain('whether it arrived is not known.');
  });

  it('is what its receipt says, however old', () => {
    expect(said(1_000, 'delivered')).toContain('It has arrived.');
  });

  it('is no question where handing over is arriving', () => {
    expect(said(1_000, null, 'inbox')).toContain('It was handed over.');
  });
});
