import { TOPIC_VERIFICATION } from '@app/contracts';
import type { TopicPolicy } from '@app/contracts';
import { checkChannels, checkDigest, checkSteps, TOPIC_NAME, type SheetProblem } from './sheet-problem';

const LONGEST = { title: 100, description: 500, signedBy: 100, criticalReason: 300 } as const;
/** Shorter could not be retried, longer would be news of last week. */
const TTL = { min: 60_000, max: 7 * 86_400_000 };

/**
 * Checks what an admin decides about a topic.
 * @returns every problem at once
 */
export function checkPolicy(policy: TopicPolicy): SheetProblem[] {
  return [
    ...checkWords(policy),
    ...checkCritical(policy),
    ...checkCodes(policy),
    ...(policy.channels === null ? [] : checkChannels('channels', policy.channels)),
    ...checkDigest('digest', policy.digest),
    ...(policy.steps === null ? [] : checkSteps('steps', policy.steps)),
    ...checkRest(policy),
  ];
}

function checkWords(policy: TopicPolicy): SheetProblem[] {
  const problems: SheetProblem[] = [];
  if (!TOPIC_NAME.test(policy.topic)) {
    const wouldBeRight = 'lower case letters, digits and hyphens, such as card-security';
    problems.push({ field: 'topic', problem: 'is not a name', wouldBeRight });
  }
  if (policy.title.trim() === '')
    problems.push({ field: 'title', problem: 'is empty', wouldBeRight: 'what the customer calls it' });
  for (const field of ['title', 'description', 'signedBy', 'criticalReason'] as const) {
    if (policy[field].length <= LONGEST[field]) continue;
    problems.push({ field, problem: 'is too long', wouldBeRight: `at most ${LONGEST[field]} characters` });
  }
  return problems;
}

/** Who cannot switch something off is told why. */
function checkCritical({ isCritical, criticalReason, digest }: TopicPolicy): SheetProblem[] {
  const problems: SheetProblem[] = [];
  const hasReason = criticalReason.trim() !== '';
  if (isCritical && !hasReason) {
    const wouldBeRight = 'why the customer cannot switch it off, in a sentence that they will read';
    problems.push({ field: 'criticalReason', problem: 'is empty', wouldBeRight });
  }
  if (!isCritical && hasReason) {
    const wouldBeRight = 'nothing, unless the topic is critical';
    problems.push({ field: 'criticalReason', problem: 'explains what is not so', wouldBeRight });
  }
  if (isCritical && digest.every !== 'time') {
    const wouldBeRight = '{ "every": "time" }: what is critical waits for no digest';
    problems.push({ field: 'digest', problem: 'gathers what is critical', wouldBeRight });
  }
  return problems;
}

function checkCodes({ topic, isCritical, steps }: TopicPolicy): SheetProblem[] {
  if (topic !== TOPIC_VERIFICATION || (isCritical && steps === null)) return [];
  const wouldBeRight = 'critical, without steps: a code goes only to the address it proves, at once';
  return [{ field: isCritical ? 'steps' : 'isCritical', problem: 'does not suit codes', wouldBeRight }];
}

function checkRest({ onAmbiguous, ttlMs }: TopicPolicy): SheetProblem[] {
  const problems: SheetProblem[] = [];
  if (onAmbiguous !== 'resend' && onAmbiguous !== 'hold')
    problems.push({ field: 'onAmbiguous', problem: 'is not known', wouldBeRight: 'resend or hold' });
  if (!Number.isInteger(ttlMs) || ttlMs < TTL.min || ttlMs > TTL.max)
    problems.push({ field: 'timeToLive', problem: 'is too short or too long', wouldBeRight: 'PT1M to P7D' });
  return problems;
}
