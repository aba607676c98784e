import { CHANNELS } from '@app/contracts';
import type { DryRun, PerChannel } from './dry-run';

/** The result of a dry run as an admin reads it before confirming; parts with nothing in them are left out. */
export function dryRunWords(people: number, oneIn: number, result: DryRun): string {
  const { messages, held, digested, capped, later, suppressed, unreachable } = result;
  return [
    `${peopleWords(people)} in the audience. Messages: ${countWords(messages) || 'none'}.`,
    sentence('Of these, held until quiet hours are over', held),
    sentence('Later, in a digest', digested),
    sentence('Over a cap, and therefore later in a digest', capped),
    sentence('Only if earlier channels do not reach the customer', later),
    sentence('Not sent, because the address must not be written to', suppressed),
    unreachable > 0 ? `Nothing goes to ${peopleWords(unreachable)}.` : '',
    oneIn > 1
      ? `Of customers with a preference sheet one in ${oneIn} was looked at; their numbers are estimates.`
      : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function peopleWords(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

function sentence(what: string, counts: PerChannel): string {
  const words = countWords(counts);
  return words && `${what}: ${words}.`;
}

function countWords(counts: PerChannel): string {
  return CHANNELS.flatMap((channel) => (counts[channel] ? [`${counts[channel]} ${channel}`] : [])).join(', ');
}
