import { titleWords } from '@app/channels';
import type { AlertFacts } from '@app/contracts';

/** Our side of a conversation by text. One sentence or two: each 153 characters more cost another segment. */
export const SAID = {
  stopped: 'You will get no more texts from us at this number. Reply START to get them again.',
  started: 'You will get texts from us at this number again. Reply STOP to end them.',
  help: 'These are alerts you asked for. Reply WHY for the reason, SNOOZE 2H for a pause, a number for a new threshold, or STOP to end them.',
  nothingTold: 'We have not told you of an alert here lately, so we do not know which one you mean.',
  ruleGone: 'The rule behind the last alert is no longer there.',
  unclear:
    'We cannot tell which number you mean. Please write it without a thousands separator, such as 1000.',
  unknown: 'Sorry, we did not understand. Reply WHY, SNOOZE 2H, a number for a new threshold, HELP or STOP.',
  notByNumber:
    'This rule has more than one threshold, so a number alone cannot change it. Please change it in your account.',
} as const;

export function snoozedUntil(rule: string, until: string): string {
  return `${rule} is quiet until ${until}. What still holds then is told once.`;
}

export function thresholdChanged(rule: string, change: { before: string; after: string }): string {
  return `${rule}: the threshold is now ${change.after}, it was ${change.before}. Reply ${plain(change.before)} to take it back.`;
}

export function thresholdKept(rule: string, now: string): string {
  return `${rule}: the threshold is ${now} already.`;
}

/** The customer's own name for the rule, or what it watches. */
export function nameOf(facts: AlertFacts): string {
  const words = titleWords(facts);
  return facts.ruleTitle ? `“${facts.ruleTitle}”` : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function plain(amount: string): string {
  return amount.split(' ')[0] ?? amount;
}
