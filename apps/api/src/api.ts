import type { NestExpressApplication } from '@nestjs/platform-express';
import { NestFactory } from '@nestjs/core';
import { SwaggerModule } from '@nestjs/swagger';
import { NestLog } from '@app/observability';
import type { Logger } from 'pino';
import { authenticate } from './access/authenticate';
import type { ApiConfig } from './api.config';
import { ApiModule } from './api.module';
import { closeParts, openParts, type ApiParts } from './api-parts';
import { readBody } from './http/body';
import { openApiDocument } from './http/openapi';
import { rateLimit } from './http/rate-limit';
import { securityHeaders } from './http/security-headers';
import { requestLog } from './observability/request-log';

/** The whole API, ready to listen; `close` drains it. */
export async function createApi(config: ApiConfig, logger: Logger): Promise<NestExpressApplication> {
  const parts = await openParts(config, logger);
  try {
    return await assemble(parts);
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

/** The order is the way of a request: named, armoured, recognised, counted, and only then read. */
async function assemble(parts: ApiParts): Promise<NestExpressApplication> {
  const { config, logger } = parts;
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with(parts), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(logger.child({}, { level: quieter(config.logLevel) })),
  });
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', config.proxies);
  app.use(requestLog(logger, parts.metrics), securityHeaders());
  app.use(
    authenticate(parts.keys, parts.tokens, parts.strangers),
    rateLimit(config, parts.strangers),
    readBody(),
  );
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Tidings API',
  });
  await app.init();
  return app;
}

/** The framework announces every route as news. */
function quieter(level: string): string {
  return level === 'info' ? 'warn' : level;
}
