import { TemplateSet, type TemplateFault, type Wording } from '@app/channels';
import type { TemplateStore, TopicStore } from '@app/persistence';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';

export interface WordingBookParts {
  templates: TemplateStore;
  topics: TopicStore;
  metrics: DispatcherMetrics;
  onTrouble: (message: string, error: unknown) => void;
}

/**
 * Admins' templates and the teams that sign, held in memory and read again when they have changed; and what was wrong
 * with a template, counted here and written down with the next look, so that a broken template costs a broadcast
 * nothing.
 */
export class WordingBook {
  private wording: Wording = { templates: new TemplateSet([]), signedBy: new Map() };
  private edition = '';
  private faults = new Map<string, TemplateFault & { count: number }>();

  constructor(private readonly parts: WordingBookParts) {}

  current(): Wording {
    return this.wording;
  }

  report(fault: TemplateFault): void {
    const { kind, channel, language } = fault;
    this.parts.metrics.templateFaults.inc({ kind, channel });
    const key = [kind, channel, language, fault.fault].join('|');
    const known = this.faults.get(key);
    if (known) known.count += 1;
    else this.faults.set(key, { ...fault, count: 1 });
  }

  /** Reads what has changed and writes down what was wrong; never rejects: until the next look the last words serve. */
  async refresh(): Promise<void> {
    try {
      await this.writeFaults();
      const edition = await this.parts.templates.edition();
      if (edition !== this.edition) await this.read(edition);
    } catch (error) {
      this.parts.onTrouble('templates have to wait', error);
    }
  }

  private async read(edition: string): Promise<void> {
    const [templates, topics] = await Promise.all([this.parts.templates.list(), this.parts.topics.list()]);
    this.wording = {
      templates: new TemplateSet(templates),
      signedBy: new Map(topics.map(({ topic, signedBy }) => [topic, signedBy])),
    };
    this.edition = edition;
  }

  private async writeFaults(): Promise<void> {
    const faults = this.faults;
    this.faults = new Map();
    for (const { count, ...fault } of faults.values()) {
      this.parts.onTrouble('a template failed, and the built-in words went out', { ...fault, count });
      await this.parts.templates.addFault(fault, fault.fault, count);
    }
  }
}
