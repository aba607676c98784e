import type { AlertFacts, Severity } from '@app/contracts';
import type { AlertContext } from '@app/persistence';
import { alertWords, metricsByName } from '@app/rules';
import { derivedId } from './derived-id';

/** Derived, never random: replaying the same transition finds the same alert. */
export function alertIdOf(context: AlertContext, transitionSeq: number): string {
  return derivedId('alert', context.ruleId, context.conditionVersion, context.subject, transitionSeq);
}

/** What every message about an instance's alert says, whatever the moment. */
export type StandingFacts = Omit<AlertFacts, 'alertId' | 'value' | 'at' | 'openedAt' | 'severity'> & {
  severity: Severity | null;
};

/** @param level that holds, counted from 1; 0 without levels */
export function standingFactsOf(context: AlertContext, level: number): StandingFacts {
  const { ruleId, ruleTitle, metric, metricTitle, subject, owned } = context;
  const own = { name: metric, title: metricTitle, unit: context.unit, scale: context.scale };
  const { condition, measure, span, unit, scale, severity } = alertWords(
    context,
    level,
    metricsByName([own, ...context.otherMetrics]),
  );
  return {
    ...{ ruleId, ruleTitle, metric, metricTitle, subject, owned, condition, unit, scale },
    ...(measure !== null && { measure, span }),
    severity: severity ?? context.severity,
  };
}
