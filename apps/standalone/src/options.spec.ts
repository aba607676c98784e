import { readOptions } from './options';

describe('the words after npm start', () => {
  it('are all optional, and the demonstration then takes its usual time', () => {
    expect(readOptions([])).toEqual({ ok: true, options: { empty: false, speed: 1, help: false } });
  });

  it('choose an empty system and another speed', () => {
    expect(readOptions(['--empty', '--speed', '2.5'])).toMatchObject({
      ok: true,
      options: { empty: true, speed: 2.5 },
    });
  });

  it.each([['0'], ['-1'], ['fast'], ['1001'], ['']])('refuse a speed of "%s" in plain words', (speed) => {
    expect(readOptions([`--speed=${speed}`])).toEqual({
      ok: false,
      problem: '--speed takes a number above 0 and up to 1000',
    });
  });

  it('are refused when nobody knows them', () => {
    expect(readOptions(['--port=1'])).toEqual({ ok: false, problem: "Unknown option '--port'" });
  });
});
