import { readResetAt, readRetryAfter } from './retry-after';

const now = Date.UTC(2025, 4, 3, 12, 0, 0);

describe('how long a provider asks us to wait', () => {
  it.each([
    ['0', 0],
    ['17', 17_000],
    [' 2.5 ', 2_500],
    ['Sat, 03 May 2025 12:01:30 GMT', 90_000],
    ['Sat, 03 May 2025 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['-5', undefined],
    ['soon', undefined],
    ['Mon, nonsense', undefined],
    ['', undefined],
  ])('Retry-After %p is %p ms', (text, ms) => {
    expect(readRetryAfter({ 'retry-after': text }, now)).toBe(ms);
  });

  it.each([
    [String(now / 1000 + 60), 60_000],
    [String(now / 1000 - 60), 0],
    ['60', undefined],
    ['tomorrow', undefined],
    [undefined, undefined],
  ])('a reset at %p is %p ms away', (text, ms) => {
    expect(readResetAt(text, now)).toBe(ms);
  });
});
