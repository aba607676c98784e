import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtraModels, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { MAX_EVENT_BYTES } from '@app/contracts';
import { NeedsScope } from '../access/access.decorators';
import type { ApiRequest } from '../access/principal';
import { invalid, Problem, tooLarge } from '../http/problem';
import { EventBatchDto, EventDto, IngestAnswer } from './event.dto';
import { Ingest } from './ingest';
import { readEventsRequest } from './read-request';

@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(private readonly ingest: Ingest) {}

  /**
   * Takes one event, up to 1,000 in `events`, or CloudEvents 1.0 (structured or batch). Each is judged alone:
   * the good ones are on the road when this answers, the others are listed with the reason and kept as dead letters.
   */
  @Post()
  @HttpCode(202)
  @NeedsScope('events:write')
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json')
  @ApiExtraModels(EventDto, EventBatchDto)
  @ApiBody({ schema: { oneOf: [{ $ref: getSchemaPath(EventDto) }, { $ref: getSchemaPath(EventBatchDto) }] } })
  async take(@Req() request: ApiRequest): Promise<IngestAnswer> {
    const read = readEventsRequest(request.headers['content-type'], request.rawBody ?? Buffer.alloc(0));
    if (read.kind === 'notJson') {
      await this.ingest.setAside([
        { key: null, payload: read.payload, reason: 'notJson', detail: 'the payload is not JSON' },
      ]);
      throw invalid([
        {
          field: 'body',
          problem: 'is not JSON',
          wouldBeRight: 'JSON in UTF-8 (RFC 8259); it knows no NaN or Infinity',
        },
      ]);
    }
    const answer = await this.ingest.take(read.events, Date.now());
    if (answer.accepted === 0) throw allRefused(answer, read.isBatch);
    return answer;
  }
}

function allRefused({ refused }: IngestAnswer, isBatch: boolean): Problem {
  const [first] = refused;
  if (!isBatch && first?.reason === 'tooLarge')
    return tooLarge(`An event may have ${MAX_EVENT_BYTES} bytes.`);
  const detail = isBatch ? 'None of the events could be taken.' : `The event was refused: ${first?.detail}.`;
  return new Problem({
    status: 422,
    slug: 'events-refused',
    title: 'Events refused',
    detail,
    more: { accepted: 0, refused },
  });
}
