import { aNoticePolicy } from '../testing/a-notice-policy';
import type { NoticePolicy } from '../notice-policy';
import { decideNotice } from './decide-notice';
import { NEW_NOTICE_STATE, NO_MUTES, type Mutes, type NoticeDecision, type Occasion } from './notice';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One instance's desk, with its state carried from one occasion to the next. */
class Told {
  state = NEW_NOTICE_STATE;
  dueAt: number | null = null;
  mutes: Mutes = NO_MUTES;
  private readonly policy: NoticePolicy;

  constructor(rest: Partial<NoticePolicy> = {}) {
    this.policy = aNoticePolicy(rest);
  }

  fired(at: number, level = 0): string[] {
    return this.take({ kind: 'fired', at, level });
  }

  level(at: number, level: number): string[] {
    return this.take({ kind: 'levelChanged', at, level });
  }

  at(kind: 'recovered' | 'ended' | 'due' | 'mutesChanged', at: number): string[] {
    return this.take({ kind, at });
  }

  decide(occasion: Occasion): NoticeDecision[] {
    const outcome = decideNotice(this.policy, this.state, occasion, this.mutes);
    this.state = JSON.parse(JSON.stringify(outcome.state)) as typeof this.state; // as the store keeps it
    this.dueAt = outcome.dueAt;
    return outcome.decisions;
  }

  private take(occasion: Occasion): string[] {
    return this.decide(occasion).map(({ tell, reason }) =>
      tell ? `${tell.kind}${tell.suppressed > 0 ? `+${tell.suppressed}` : ''}` : `(${reason})`,
    );
  }
}

describe('what is told of an alert', () => {
  it('its firing and its recovery, each once', () => {
    const told = new Told();
    expect(told.fired(0)).toEqual(['fired']);
    expect(told.dueAt).toBeNull();
    expect(told.at('recovered', 5)).toEqual(['recovered']);
  });

  it('no recovery where none was asked for', () => {
    const told = new Told({ onRecovery: false });
    told.fired(0);
    expect(told.at('recovered', 5)).toEqual(['(notAsked)']);
  });

  it('nothing of an end that the owner of the rule brought about', () => {
    const told = new Told({ repeatEveryMs: HOUR });
    told.fired(0);
    expect(told.at('ended', 5)).toEqual([]);
    expect(told.dueAt).toBeNull();
  });

  it('each telling has a number of its own, so that a replay finds the same messages', () => {
    const told = new Told({ repeatEveryMs: HOUR });
    const decisions = [
      ...told.decide({ kind: 'fired', at: 0, level: 0 }),
      ...told.decide({ kind: 'due', at: HOUR }),
      ...told.decide({ kind: 'recovered', at: HOUR + 1 }),
    ];
    expect(decisions.map(({ tell }) => [tell?.ordinal, tell?.kind, tell?.at, tell?.firing])).toEqual([
      [1, 'fired', 0, true],
      [2, 'repeat', HOUR, true],
      [3, 'recovered', HOUR + 1, false],
    ]);
  });
});

/** Alertmanager notify_test.go TestDedupStageNeedsUpdate, for a group of one alert (G10). */
describe('Alertmanager: needsUpdate', () => {
  const policy = { repeatEveryMs: 10 * MINUTE };

  it('no entry, firing: notify', () => {
    expect(new Told(policy).fired(0)).toEqual(['fired']);
  });

  it('no entry, only resolved: do not', () => {
    expect(new Told(policy).at('recovered', 0)).toEqual(['(firingNotTold)']);
  });

  it('told nine minutes ago with a repeat of ten: do not; eleven minutes ago: notify', () => {
    const told = new Told(policy);
    told.fired(0);
    expect(told.at('due', 9 * MINUTE)).toEqual([]);
    expect(told.at('due', 11 * MINUTE)).toEqual(['repeat']);
  });

  it('resolved nine minutes after its firing was told: notify only with send_resolved', () => {
    const silent = new Told({ ...policy, onRecovery: false });
    const open = new Told(policy);
    silent.fired(0);
    open.fired(0);
    expect(silent.at('recovered', 9 * MINUTE)).toEqual(['(notAsked)']);
    expect(open.at('recovered', 9 * MINUTE)).toEqual(['recovered']);
  });

  it('resolved and told so eleven minutes ago: nothing more', () => {
    const told = new Told(policy);
    told.fired(0);
    told.at('recovered', MINUTE);
    expect(told.at('due', 12 * MINUTE)).toEqual([]);
    expect(told.dueAt).toBeNull();
  });

  it('fired and resolved between two flushes, here within a mute: nothing', () => {
    const told = new Told(policy);
    told.mutes = { snoozedUntil: 10 * MINUTE, maintenance: [] };
    told.fired(0);
    expect(told.at('recovered', MINUTE)).toEqual(['(firingNotTold)']);
    expect(told.at('due', 10 * MINUTE)).toEqual([]);
  });
});

describe('repeats', () => {
  it('come at their interval after the last telling, and missed ones are not made up', () => {
    const told = new Told({ repeatEveryMs: HOUR });
    told.fired(0);
    expect(told.dueAt).toBe(HOUR);
    expect(told.at('due', 5 * HOUR + 1)).toEqual(['repeat']);
    expect(told.dueAt).toBe(6 * HOUR);
  });

  it('are counted from a change of level', () => {
    const told = new Told({ repeatEveryMs: HOUR });
    told.fired(0, 1);
    expect(told.level(30 * MINUTE, 2)).toEqual(['level']);
    expect(told.dueAt).toBe(90 * MINUTE);
  });

  it('wait for the end of a mute', () => {
    const told = new Told({ repeatEveryMs: HOUR });
    told.fired(0);
    told.mutes = { snoozedUntil: 3 * HOUR, maintenance: [] };
    expect(told.at('due', HOUR)).toEqual(['(snoozed)']);
    expect(told.dueAt).toBe(3 * HOUR);
    expect(told.at('due', 3 * HOUR)).toEqual(['repeat']);
  });

  it('that were due come before what happens at the same instant', () => {
    const told = new Told({ repeatEveryMs: HOUR });
    told.fired(0);
    expect(told.at('recovered', HOUR)).toEqual(['repeat', 'recovered']);
  });
});

describe('levels', () => {
  it.each([
    ['rise', ['level'], ['(notAsked)']],
    ['any', ['level'], ['level']],
    ['none', ['(notAsked)'], ['(notAsked)']],
  ] as const)('with %s are told on the way up and down as asked', (onLevel, up, down) => {
    const told = new Told({ onLevel });
    told.fired(0, 1);
    expect(told.level(1, 2)).toEqual(up);
    expect(told.level(2, 1)).toEqual(down);
  });

  it('that rise are told although the firing was held back, and those that fall are not', () => {
    const told = new Told({ onLevel: 'any', cooldownMs: HOUR });
    told.fired(0, 1);
    told.at('recovered', 1);
    expect(told.fired(2, 2)).toEqual(['(cooldown)']);
    expect(told.level(3, 1)).toEqual(['(firingNotTold)']);
    expect(told.level(4, 3)).toEqual(['level+1']);
    expect(told.at('recovered', 5)).toEqual(['recovered']);
  });

  it('that rose during a mute are told once at its end, unless they fell again', () => {
    const told = new Told();
    told.fired(0, 1);
    told.mutes = { snoozedUntil: HOUR, maintenance: [] };
    expect(told.level(1, 2)).toEqual(['(snoozed)']);
    expect(told.level(2, 3)).toEqual(['(snoozed)']);
    expect(told.at('due', HOUR)).toEqual(['stillFiring']);
    told.mutes = { snoozedUntil: 3 * HOUR, maintenance: [] };
    told.level(2 * HOUR, 4);
    told.level(2 * HOUR + 1, 3);
    expect(told.at('due', 3 * HOUR)).toEqual([]);
  });
});

describe('a cool-down and a daily cap', () => {
  it('hold further firings back until it has passed, half-open, and count them in the next message', () => {
    const told = new Told({ cooldownMs: HOUR });
    told.fired(0);
    told.at('recovered', 1);
    for (const at of [10, 20, 30]) {
      expect(told.fired(at)).toEqual(['(cooldown)']);
      expect(told.at('recovered', at + 1)).toEqual(['(firingNotTold)']);
    }
    expect(told.fired(HOUR - 1)).toEqual(['(cooldown)']);
    told.at('recovered', HOUR - 1);
    expect(told.fired(HOUR)).toEqual(['fired+4']);
    expect(told.at('recovered', HOUR + 1)).toEqual(['recovered']);
  });

  it('tell once a calendar day of the customer, whose day ends with their clock', () => {
    const told = new Told({ maxPerDay: 1, timeZone: 'America/New_York' });
    const evening = Date.parse('2026-11-01T03:00:00Z'); // 31 October, 23:00
    expect(told.fired(evening)).toEqual(['fired']);
    told.at('recovered', evening + 1);
    expect(told.fired(evening + 59 * MINUTE)).toEqual(['(dailyCap)']);
    told.at('recovered', evening + 59 * MINUTE + 1);
    expect(told.fired(evening + HOUR)).toEqual(['fired+1']);
    told.at('recovered', evening + HOUR + 1);
    // The first of November has 25 hours there.
    expect(told.fired(evening + HOUR + 25 * HOUR - 1)).toEqual(['(dailyCap)']);
    told.at('recovered', evening + 26 * HOUR - 1);
    expect(told.fired(evening + 26 * HOUR)).toEqual(['fired+1']);
  });

  it('give as many as asked on a day', () => {
    const told = new Told({ maxPerDay: 2 });
    const words = [0, 1, 2, DAY].flatMap((at) => [...told.fired(at), ...told.at('recovered', at)]);
    expect(words.filter((word) => word.includes('fired') && !word.startsWith('('))).toEqual([
      'fired',
      'fired',
      'fired+1',
    ]);
  });
});

describe('mutes', () => {
  const nights = [{ timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5, 6, 7], from: '07:00', to: '22:00' }];

  it('what still holds at the end is told once, and a recovery after it as well', () => {
    const told = new Told({ activeHours: nights });
    const eleven = Date.parse('2026-10-24T23:00:00+02:00'); // the night has an hour more
    const seven = Date.parse('2026-10-25T07:00:00+01:00');
    expect(told.fired(eleven)).toEqual(['(outsideHours)']);
    expect(told.dueAt).toBe(seven);
    expect(told.at('due', seven)).toEqual(['stillFiring']);
    expect(told.at('due', seven + HOUR)).toEqual([]);
    expect(told.at('recovered', seven + 2 * HOUR)).toEqual(['recovered']);
  });

  it('what came and went is not told, but counted in the next message', () => {
    const told = new Told();
    told.mutes = { snoozedUntil: HOUR, maintenance: [] };
    told.fired(1);
    told.at('recovered', 2);
    told.fired(3);
    expect(told.at('due', HOUR)).toEqual(['stillFiring+1']);
  });

  it('one that follows on another is waited for as well, and reasons come in their order', () => {
    const told = new Told({ activeHours: nights });
    const noon = Date.parse('2026-06-10T12:00:00+02:00');
    told.mutes = {
      snoozedUntil: noon + 12 * HOUR,
      maintenance: [
        { from: noon, until: noon + HOUR },
        { from: noon, until: noon + 2 * HOUR },
      ],
    };
    expect(told.fired(noon)).toEqual(['(maintenance)']);
    expect(told.dueAt).toBe(noon + 2 * HOUR);
    expect(told.at('due', noon + 2 * HOUR)).toEqual(['(snoozed)']);
    expect(told.at('due', noon + 12 * HOUR)).toEqual(['(outsideHours)']);
    expect(told.dueAt).toBe(noon + 19 * HOUR);
    expect(told.at('due', noon + 19 * HOUR)).toEqual(['stillFiring']);
  });

  it('lifted early, they end at once', () => {
    const told = new Told();
    told.mutes = { snoozedUntil: DAY, maintenance: [] };
    told.fired(0);
    told.mutes = NO_MUTES;
    expect(told.at('mutesChanged', HOUR)).toEqual(['stillFiring']);
    expect(told.dueAt).toBeNull();
  });

  it('a recovery is told inside them if its firing was', () => {
    const told = new Told();
    told.fired(0);
    told.mutes = { snoozedUntil: DAY, maintenance: [] };
    expect(told.at('recovered', 1)).toEqual(['recovered']);
  });
});

describe('flapping', () => {
  /** Fires and recovers once a minute until the eleventh change. */
  function unstable(rest: Partial<NoticePolicy> = {}): { told: Told; words: string[] } {
    const told = new Told({ dampFlapping: true, ...rest });
    const words = Array.from({ length: 11 }, (_, i) =>
      i % 2 === 0 ? told.fired(i * MINUTE) : told.at('recovered', i * MINUTE),
    );
    return { told, words: words.flat() };
  }

  it('is told once as unstable instead of message by message', () => {
    const { told, words } = unstable();
    expect(words.slice(0, 2)).toEqual(['fired', 'recovered']);
    expect(words.at(-1)).toBe('unstable');
    expect(told.at('recovered', 11 * MINUTE)).toEqual(['(flapping)']);
    expect(told.fired(12 * MINUTE)).toEqual(['(flapping)']);
  });

  it('goes on as one digest an hour with the number of changes', () => {
    const { told } = unstable();
    const digests = Array.from({ length: 120 }, (_, i) => i + 11).flatMap((minute) =>
      told
        .decide({ kind: minute % 2 === 0 ? 'fired' : 'recovered', at: minute * MINUTE, level: 0 })
        .filter(({ tell }) => tell !== null),
    );
    expect(digests.map(({ tell }) => [tell?.kind, tell?.at, tell?.changes, tell?.suppressed])).toEqual([
      ['digest', 70 * MINUTE, 59, 29],
      ['digest', 130 * MINUTE, 60, 30],
    ]);
  });

  it('ends with word of the state it is in', () => {
    const calm = unstable();
    calm.told.at('recovered', 11 * MINUTE);
    const decisions = calm.told.decide({ kind: 'due', at: DAY });
    expect(decisions.map(({ tell }) => [tell?.kind, tell?.firing])).toEqual([
      ['digest', false],
      ['settled', false],
    ]);
    expect(calm.told.fired(2 * DAY)).toEqual(['fired']);
    const firing = unstable({ repeatEveryMs: DAY });
    const last = firing.told.decide({ kind: 'due', at: 12 * HOUR }).at(-1);
    expect(last?.tell).toMatchObject({ kind: 'settled', firing: true });
    expect(firing.told.at('recovered', 13 * HOUR)).toEqual(['recovered']);
  });

  it('in a mute is told at its end, and not at all if it is over by then', () => {
    const muted = new Told({ dampFlapping: true });
    muted.mutes = { snoozedUntil: HOUR, maintenance: [] };
    for (let i = 0; i < 12; i += 1)
      muted.decide({ kind: i % 2 ? 'recovered' : 'fired', at: i * MINUTE, level: 0 });
    expect(muted.at('due', HOUR)).toEqual(['unstable+6']);
    const over = new Told({ dampFlapping: true });
    over.mutes = { snoozedUntil: DAY, maintenance: [] };
    for (let i = 0; i < 12; i += 1)
      over.decide({ kind: i % 2 ? 'recovered' : 'fired', at: i * MINUTE, level: 0 });
    expect(over.at('due', 2 * DAY)).toEqual([]);
  });

  it('does not swallow the end of an alert that was told, even in a mute', () => {
    const told = new Told({ dampFlapping: true });
    told.fired(-DAY);
    for (let i = 1; i < 11; i += 1)
      told.decide({ kind: i % 2 ? 'recovered' : 'fired', at: i * MINUTE, level: 0 });
    told.mutes = { snoozedUntil: DAY, maintenance: [] };
    expect(told.at('recovered', 11 * MINUTE)).toEqual(['(snoozed)']);
    expect(told.at('due', 12 * HOUR)).toEqual(['settled']);
  });

  it('is not looked for unless asked', () => {
    const told = new Told();
    const words = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? told.fired(i) : told.at('recovered', i),
    );
    expect(new Set(words.flat())).toEqual(new Set(['fired', 'recovered']));
  });
});
