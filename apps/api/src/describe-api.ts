import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ApiParts } from './api-parts';
import { ApiModule } from './api.module';
import { openApiDocument } from './http/openapi';

/**
 * The API's description without a database or a log: the application is laid out, but nothing in it is made.
 * Complete only in the built program, since the schemas are written by the compiler's plugin.
 */
export async function describeApi(): Promise<OpenAPIObject> {
  const nothing = { config: { limits: {} } } as ApiParts;
  const app = await NestFactory.create(ApiModule.with(nothing), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return openApiDocument(app);
}
