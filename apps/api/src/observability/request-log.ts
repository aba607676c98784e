import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { principalName, type ApiRequest } from '../access/principal';
import type { ApiMetrics } from './api-metrics';

const REQUEST_ID = /^[\w.-]{1,64}$/;
/** Asked for every few seconds by machines; their success is no news. */
const QUIET = /^\/(health|metrics)\b/;

/** Names every request, times it, and writes one line about it: route and outcome, never what it carried. */
export function requestLog(logger: Logger, metrics: ApiMetrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    (request as ApiRequest).requestId = requestId;
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      const route = (request.route as { path?: unknown } | undefined)?.path ?? 'unmatched';
      const status = response.writableFinished ? response.statusCode : 499;
      const labels = { method: request.method, route: String(route), status: String(status) };
      metrics.requestSeconds.observe(labels, seconds);
      if (status < 400 && QUIET.test(labels.route)) return;
      const { principal } = request as ApiRequest;
      const who = principal ? principalName(principal) : 'stranger';
      logger[status >= 500 ? 'error' : 'info'](
        { requestId, ...labels, ms: Math.round(seconds * 1e4) / 10, who },
        'request',
      );
    });
    next();
  };
}
