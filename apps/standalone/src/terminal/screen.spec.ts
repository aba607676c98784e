import { Screen } from './screen';

function aTerminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 20, write: (text: string) => void written.push(text), written };
}

/** What a person sees: the screen's lines after all that was written. */
function shown(written: string[]): string[] {
  const lines = [''];
  for (const piece of written.join('').split(/(\r\u001b\[2K|\n)/)) {
    if (piece === '\n') lines.push('');
    else if (piece.startsWith('\r')) lines[lines.length - 1] = '';
    else lines[lines.length - 1] += piece;
  }
  return lines;
}

describe('the screen', () => {
  it('keeps one status below all lines and writes it in place', () => {
    const terminal = aTerminal(true);
    const screen = new Screen(terminal, false);
    screen.line('first');
    screen.showStatus('1 event');
    screen.showStatus('2 events');
    screen.line('second');
    expect(shown(terminal.written)).toEqual(['first', 'second', '2 events']);
    screen.endStatus();
    screen.line('third');
    expect(shown(terminal.written)).toEqual(['first', 'second', '2 events', 'third', '']);
  });

  it('lets neither rows nor the status wrap', () => {
    const terminal = aTerminal(true);
    const screen = new Screen(terminal, false);
    screen.showStatus('a status that is too long for it');
    screen.row('a row that is too long for it');
    expect(Math.max(...shown(terminal.written).map((line) => line.length))).toBeLessThanOrEqual(20);
  });

  it('uses colour only where it may, and never in a file', () => {
    const [colored, plain, file] = [aTerminal(true), aTerminal(true), aTerminal(false)];
    new Screen(colored, true).row('x', 'green');
    new Screen(plain, false).row('x', 'green');
    new Screen(file, true).row('x', 'green');
    expect(colored.written.join('')).toContain('\u001b[32mx\u001b[0m');
    expect(plain.written.join('')).not.toContain('\u001b[32m');
    expect(file.written.join('')).toBe('x\n');
  });

  it('writes the status as a line of its own every five seconds where there is no terminal', () => {
    const terminal = aTerminal(false);
    const clock = { now: 0 };
    const screen = new Screen(terminal, false, () => clock.now);
    for (; clock.now <= 11_000; clock.now += 1000) screen.showStatus(`at ${clock.now}`);
    expect(terminal.written).toEqual(['at 5000\n', 'at 10000\n']);
  });
});
