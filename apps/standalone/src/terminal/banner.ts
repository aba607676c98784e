import type { Screen } from './screen';

export interface BannerFacts {
  apiUrl: string;
  dispatcherUrl: string;
  systemKey: string;
  adminKey: string;
  /** A customer of the demonstration; null without it. */
  visitor: { name: string; token: string } | null;
  /** Seconds from the command to here. */
  seconds: number;
}

/** Where to look, and what the README's curl lines need. Keys are shown in this embedded mode alone. */
export function showBanner(screen: Screen, facts: BannerFacts): void {
  const { apiUrl, dispatcherUrl } = facts;
  const name = (text: string): string => screen.styled(text, 'bold');
  screen.line();
  screen.line(`${name('Tidings is up')} after ${facts.seconds.toFixed(1)} s. ctrl-C stops it.`);
  screen.line();
  screen.line(`  ${apiUrl}/outbox    every message as its reader sees it`);
  screen.line(`  ${apiUrl}/docs      the API`);
  screen.line(`  ${apiUrl}/metrics   numbers of the API; ${dispatcherUrl}/metrics of the dispatcher`);
  screen.line();
  screen.line(
    'Keys of this installation alone; paste them into another terminal, and the README’s lines work:',
  );
  screen.line();
  showKeys(screen, facts);
  screen.line();
}

/** How to send an event of one's own, for a visitor who has seen the demonstration's; the README says the same. */
export function showFirstAlert(screen: Screen, facts: BannerFacts): void {
  screen.line();
  screen.line(
    'The demonstration is over; the system stays up. Now an alert of your own, in another terminal:',
  );
  screen.line();
  showKeys(screen, facts);
  screen.line(
    `curl -s $TIDINGS/v1/me/rules -H "Authorization: Bearer $CUSTOMER" -H 'Content-Type: application/json' ` +
      `-d '{"title":"Low balance","metric":"account.balance","subjects":["account:42"],"operator":"below","threshold":"100.00"}'`,
  );
  screen.line(
    `curl -s $TIDINGS/v1/events -H "Authorization: Bearer $SYSTEM" -H 'Content-Type: application/json' ` +
      `-d '{"id":"'$(date +%s%N)'","source":"my-bank","metric":"account.balance","subject":"account:42","value":"92.10","time":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"}'`,
  );
  screen.line();
}

function showKeys(screen: Screen, { apiUrl, systemKey, adminKey, visitor }: BannerFacts): void {
  screen.line(`TIDINGS=${apiUrl}`);
  screen.line(`SYSTEM=${systemKey}`);
  screen.line(`ADMIN=${adminKey}`);
  if (visitor) screen.line(`CUSTOMER=${visitor.token}`);
}
