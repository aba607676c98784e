import type { InstanceDefinition } from '../instance';
import type { Condition } from '../rule';

type Wanted = Partial<Omit<InstanceDefinition, 'condition'>> & Partial<Condition>;

/** An instance on one account's balance, `above 100` and firing at once if nothing else is said. */
export function anInstance(wanted: Wanted = {}): InstanceDefinition {
  const { operator = 'above', threshold = 100, upper = null, recovery = null, ...rest } = wanted;
  return {
    instanceId: 1,
    metric: 'account.balance',
    subject: 'account:42',
    lifecycle: 'recurring',
    onCreate: 'fireIfBreached',
    condition: { operator, threshold, upper, recovery },
    ...rest,
  };
}
