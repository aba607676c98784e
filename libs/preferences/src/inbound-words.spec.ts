import { readInboundText } from '.';

const HOUR_MS = 3_600_000;

describe('a text that somebody sends us', () => {
  it.each([
    ...[
      'STOP',
      'stop',
      ' Stop. ',
      'STOP!!!',
      'StopAll',
      'STOP ALL',
      'QUIT',
      'end',
      'Revoke',
      'OPT OUT',
      'opt-out',
      'optout',
    ],
    ...[
      'CANCEL',
      'Unsubscribe',
      'please stop',
      'Please, STOP.',
      'stop please',
      'pls stop now',
      'STOP 🛑',
      'stop thank you',
    ],
    ...['stop texting me', 'Stop sending me these messages', 'please stop sending alerts', 'stop all texts'],
    ...[
      "Don't text me",
      'do not contact me again',
      'Dont send me any more messages',
      'never text this number again',
    ],
    ...[
      'no more texts',
      'No more of your messages please',
      'remove me',
      'Take me off your list',
      'leave me alone',
    ],
    ...[
      'I want to unsubscribe',
      'i would like to opt out',
      'can you stop',
      'unsubscribe me from this',
      'wrong number',
    ],
    ...['I revoke my consent', 'cancel my subscription', 'ARRÊT', 'Stopp', 'opt me out', 'end these alerts'],
  ])('means that it shall end: %s', (text) => {
    expect(readInboundText(text)).toEqual({ kind: 'stop' });
  });

  it.each([
    ["don't stop", 'unknown'],
    ['please do not stop', 'unknown'],
    ['when does the meeting end', 'unknown'],
    ['the bus did not stop', 'unknown'],
    ['end of month?', 'unknown'],
    ['I cancelled the card yesterday', 'unknown'],
    ['thanks', 'unknown'],
    ['', 'unknown'],
  ])('does not mean that it shall end: %s', (text, kind) => {
    expect(readInboundText(text)).toEqual({ kind });
  });

  it.each([
    ['START', 'start'],
    ['yes', 'start'],
    ['Yes please!', 'start'],
    ['UNSTOP', 'start'],
    ['HELP', 'help'],
    ['info', 'help'],
    ['?', 'help'],
    ['how do I stop?', 'help'],
    ['WHY', 'why'],
    ['Why did I get this?', 'why'],
  ])('means what it says: %s is %s', (text, kind) => {
    expect(readInboundText(text)).toEqual({ kind });
  });

  it.each([
    ['SNOOZE 2H', 2 * HOUR_MS],
    ['snooze', HOUR_MS],
    ['Snooze 30 min', HOUR_MS / 2],
    ['snooze for 1 day', 24 * HOUR_MS],
    ['snooze 1h30m', 1.5 * HOUR_MS],
    ['Snooze 1 h 30 min.', 1.5 * HOUR_MS],
    ['snooze 2 hours and 15 minutes', 2.25 * HOUR_MS],
    ['snooze 1 week', 168 * HOUR_MS],
  ])('asks for a pause of so long: %s', (text, forMs) => {
    expect(readInboundText(text)).toEqual({ kind: 'snooze', forMs });
  });

  it.each([
    'snooze 0h',
    'snooze 2',
    'snooze 9999 weeks',
    'snooze tomorrow',
    'snooze 2 parsecs',
    'snoozed 2h',
  ])('asks for no pause that could be kept: %s', (text) => {
    expect(readInboundText(text)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['85', '85'],
    [' 85.50 ', '85.50'],
    ['85,5', '85.5'],
    ['-5', '-5'],
    ['+3', '3'],
    ['$85', '85'],
    ['85 €', '85'],
    ['EUR 85', '85'],
    ['85 EUR', '85'],
    ['7 %', '7'],
    ['45 min', '45'],
    ['1,234.50', '1234.50'],
    ['1.234,50', '1234.50'],
    ['1 000', '1000'],
    ["1'000.25", '1000.25'],
    ['1,000,000', '1000000'],
    ['0.125', '0.125'],
    ['1000.125', '1000.125'],
    ['85.', '85'],
  ])('names a new threshold: %s is %s', (text, amount) => {
    expect(readInboundText(text)).toEqual({ kind: 'threshold', amount });
  });

  it.each(['1,000', '1.000', '12.345', '1,2,3', '1..5'])('does not say which number it means: %s', (text) => {
    expect(readInboundText(text)).toEqual({ kind: 'unclearNumber' });
  });

  it('never takes long, whatever is written', () => {
    const started = performance.now();
    for (const text of [
      'snooze ' + '1h '.repeat(500),
      '1,'.repeat(800),
      'please '.repeat(250),
      ' '.repeat(1600),
    ])
      readInboundText(text);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
