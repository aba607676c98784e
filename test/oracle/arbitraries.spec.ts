import type { ComposedTerms, InstanceDefinition } from '@app/rules';
import fc from 'fast-check';
import { composedRule, pair } from './arbitraries';

const rules = fc.sample(composedRule, { numRuns: 2_000, seed: 7 });
const drawn = (has: (rule: InstanceDefinition, text: string) => boolean): number =>
  rules.filter((rule) => has(rule, JSON.stringify(rule))).length;

// A contest proves nothing about what is never drawn: an option with a frequency of 1 is always null.
describe('the rules over which engine and oracle are compared', () => {
  it.each<[keyof ComposedTerms]>([
    ['noData'],
    ['rearmAfterMs'],
    ['expiresAt'],
    ['maxFirings'],
    ['levels'],
    ['forMs'],
    ['keepFiringMs'],
  ])('have %s and have it not', (term) => {
    const isSet = ({ composed }: InstanceDefinition): boolean => {
      const value = composed?.[term];
      return Array.isArray(value) ? value.length > 0 : Boolean(value);
    };
    expect(drawn(isSet)).toBeGreaterThan(100);
    expect(drawn((rule) => !isSet(rule))).toBeGreaterThan(100);
  });

  it.each([
    ...['"maxAgeMs":30', '"maxAgeMs":null', '"recovery":null', '"recovery":1', '"onExpiry":"trigger"'],
    ...['"all"', '"any"', '"not"', '"calendar"', '"partial":true', '"dayOpen"', '"windowHigh"', '"trailing"'],
    ...['"count"', '"countOfLast"', '"countOfPeriods"', '"aggregate"', '"rate"', '"crossesAbove"'],
    ...['"treat":"alert"', '"treat":"ok"', '"treat":"keep"', '"treat":"ignore"'],
  ])('have %s', (what) => {
    expect(drawn((_, text) => text.includes(what))).toBeGreaterThan(20);
  });

  it('come in pairs, too, that name each other', () => {
    for (const [one, other] of fc.sample(pair, { numRuns: 20, seed: 7 })) {
      expect(one?.composed?.partnerInstanceId).toBe(other?.instanceId);
      expect(other?.composed?.partnerInstanceId).toBe(one?.instanceId);
      expect(one?.subject).toBe(other?.subject);
    }
  });
});
