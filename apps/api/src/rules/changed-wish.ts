import type { KeptRule } from '@app/persistence';
import { asWritten } from './as-written';
import type { ChangeRuleDto, CreateRuleDto } from './rule.dto';

/** Fields of a rule's own question, which `when` takes the place of. */
const QUESTION = [
  'metric',
  'measure',
  'operator',
  'threshold',
  'upper',
  'recovery',
  'maxAge',
  'levels',
] as const;

/** The kept rule as its customer wants it now: what is not said stays as it was. */
export function changedWish(kept: KeptRule, wish: ChangeRuleDto): CreateRuleDto {
  const written = asWritten(kept);
  const said = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
  const left = { ...written, subjects: kept.subjectKind === 'owned' ? 'owned' : [] };
  // A new tree replaces the question, and the first level stands for the threshold: neither says it a second time.
  if (wish.when) for (const field of QUESTION) left[field] = null as never;
  if (wish.levels && wish.levels.length > 0) Object.assign(left, { threshold: null, recovery: null });
  if (wish.expiresAt === null) left.onExpiry = 'cancel';
  return { ...left, ...said } as CreateRuleDto;
}
