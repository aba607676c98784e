import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { KeyRing } from './access/key-ring';
import { closeParts, type ApiParts } from './api-parts';
import { MetricCatalogue } from './metrics-catalogue/metric-catalogue';
import { ApiMetrics } from './observability/api-metrics';

/** Token of the opened parts: config, log and what has no class of its own. */
export const PARTS = Symbol('parts');

/** Hands the opened parts to every module, and closes them when HTTP has ended. */
@Global()
@Module({})
export class PartsModule implements OnApplicationShutdown {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  static with(parts: ApiParts): DynamicModule {
    const providers = [
      { provide: PARTS, useValue: parts },
      { provide: ApiMetrics, useValue: parts.metrics },
      { provide: MetricCatalogue, useValue: parts.catalogue },
      { provide: KeyRing, useValue: parts.keys },
    ];
    return { module: PartsModule, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await closeParts(this.parts);
  }
}
