import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One measurement, as systems send it. Read by the same guard as the event log's readers use. */
export class EventDto {
  /** Unique within its source. @example "7f9c" */
  id: string;
  /** Who measured. @example "core-banking" */
  source: string;
  /** Name of a defined metric. @example "account.balance" */
  metric: string;
  /** The thing measured. @example "account:42" */
  subject: string;
  /** A number, or decimal text, which is exact. */
  @ApiProperty({ oneOf: [{ type: 'string', example: '99.50' }, { type: 'number' }] })
  value: string | number;
  /** RFC 3339 with zone; at most 5 minutes ahead. @example "2026-11-22T09:30:00Z" */
  time: string;
  /** Anything else worth keeping. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  attributes?: Record<string, string | number | boolean>;
}

export class EventBatchDto {
  events: EventDto[];
}

export class RefusedEventView {
  /** Place in the request, from 0. */
  index: number;
  /** The event's id if it had one. */
  id: string | null;
  /** Stable word. */
  reason: string;
  /** What would be right. */
  detail: string;
}

export class IngestAnswer {
  accepted: number;
  refused: RefusedEventView[];
}
