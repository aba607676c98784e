import { ApiProperty } from '@nestjs/swagger';

export class SummaryView {
  /** Read from the event log and committed. */
  events: number;
  alertsOpened: number;
  alertsRecovered: number;
  /** Messages that providers have taken, by channel. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  acceptedByChannel: Record<string, number>;
  deadLetters: number;
}
