import type { Digest, TopicPolicy } from '@app/contracts';
import { checkPolicy, defaultPolicy } from '@app/preferences';
import { readDuration, writeDuration } from '../http/duration';
import { invalid } from '../http/problem';
import { readDigest, readStep, writeStep } from '../preferences/read-sheet';
import type { DigestDto } from '../preferences/sheet.dto';
import type { TopicPolicyDto, TopicPolicyView } from './topic.dto';

/** @throws Problem that names everything that is wrong */
export function readPolicy(topic: string, written: TopicPolicyDto): TopicPolicy {
  const { timeToLive, digest, steps, ...words } = written;
  const usual = { ...defaultPolicy(topic), isCritical: false, criticalReason: '' };
  const policy: TopicPolicy = {
    ...usual,
    ...words,
    channels: written.channels ?? null,
    digest: digest ? readOne(digest) : { every: 'time' },
    steps: steps?.map(readStep) ?? null,
    ttlMs: timeToLive === undefined ? usual.ttlMs : readDuration(timeToLive),
  };
  const problems = checkPolicy(policy);
  if (problems.length > 0) throw invalid(problems);
  return policy;
}

function readOne(digest: DigestDto): Digest {
  const result = readDigest('digest', { ...digest });
  if ('problems' in result) throw invalid(result.problems);
  return result.read;
}

export function writePolicy({ ttlMs, steps, ...policy }: TopicPolicy): TopicPolicyView {
  return { ...policy, steps: steps?.map(writeStep) ?? null, timeToLive: writeDuration(ttlMs) };
}
