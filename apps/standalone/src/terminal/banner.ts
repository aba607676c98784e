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
  screen.line(`TIDINGS=${apiUrl}`);
  screen.line(`SYSTEM=${facts.systemKey}`);
  screen.line(`ADMIN=${facts.adminKey}`);
  if (facts.visitor) screen.line(`CUSTOMER=${facts.visitor.token}`);
  screen.line();
}
