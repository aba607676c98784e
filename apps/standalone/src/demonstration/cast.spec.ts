import { CAST, VISITOR_ID } from './cast';
import { readStreams } from './streams/read-streams';
import { layOut } from './timeline';

describe('the cast', () => {
  it('watches only what the data measures', async () => {
    const measured = new Set(
      (await readStreams()).flat().map(({ wire }) => `${wire.metric} ${wire.subject}`),
    );
    const watched = CAST.customers.flatMap(({ rules, owns }) =>
      rules.flatMap(({ metric, subjects }) =>
        (subjects === 'owned' ? owns : subjects).map((s) => `${metric} ${s}`),
      ),
    );
    expect(watched.filter((series) => !measured.has(series))).toEqual([]);
  });

  it('defines every metric that its rules name', () => {
    const defined = new Set(CAST.metrics.map(({ name }) => name));
    const named = CAST.customers.flatMap(({ rules }) => rules.map(({ metric }) => metric));
    expect(named.filter((name) => !defined.has(name))).toEqual([]);
  });

  it('gives the rules of one customer different titles, by which they are found again', () => {
    for (const { rules } of CAST.customers) {
      expect(new Set(rules.map(({ title }) => title)).size).toBe(rules.length);
    }
  });

  it('has no address that could be somebody’s', () => {
    const addresses = CAST.customers.flatMap(({ contactPoints }) => contactPoints);
    const fictional: Partial<Record<string, RegExp>> = {
      sms: /^(\+120255501\d\d|\+447700900\d{3})$/,
      email: /@example\.(com|net|org)$/,
      social: /^10{15,}\d+$/,
    };
    expect(addresses.filter(({ channel, address }) => !fictional[channel]?.test(address))).toEqual([]);
  });

  it('sends its service alert about half-way, for the flight that is badly late then', async () => {
    const timeline = layOut(await readStreams());
    const beat = timeline.find(({ event }) => event.wire.id === CAST.serviceAlert.afterEvent);
    expect(beat?.position).toBeGreaterThan(0.45);
    expect(beat?.position).toBeLessThan(0.55);
    expect(beat?.event.wire).toMatchObject({
      subject: CAST.serviceAlert.draft.audience.subjects[0],
      value: 160,
      time: '2001-02-13T14:41:00.000Z',
    });
  });

  it('has the visitor own the account of the README', () => {
    const visitor = CAST.customers.find(({ id }) => id === VISITOR_ID);
    expect(visitor?.owns).toContain('account:42');
  });
});
