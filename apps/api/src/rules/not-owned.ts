import { forbidden, type Problem } from '../http/problem';

/** The refusal of a rule on what is another's; only the first few are named. */
export function notOwned(subjects: readonly string[]): Problem {
  const problem = `names what the customer does not own: ${subjects.slice(0, 5).join(', ')}`;
  return forbidden('not-owned', 'Only the owner of a subject may watch this metric.', [
    { field: 'subjects', problem, wouldBeRight: 'subjects that the customer owns, or "owned"' },
  ]);
}
