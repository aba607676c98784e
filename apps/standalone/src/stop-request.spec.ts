import { EventEmitter } from 'node:events';
import { listenForStop } from './stop-request';

function aProcess() {
  const source = new EventEmitter();
  const clock = { now: 1000 };
  const stop = listenForStop(source as unknown as NodeJS.Process, () => clock.now);
  const kill = jest.fn();
  stop.onImpatience(kill);
  return { source, clock, stop, kill };
}

describe('a request to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('is made by %s', (signal) => {
    const { source, stop } = aProcess();
    expect(stop.signal.aborted).toBe(false);
    source.emit(signal);
    expect(stop.signal.aborted).toBe(true);
  });

  it('is not taken for impatience when npm passes the same keystroke on', () => {
    const { source, clock, kill } = aProcess();
    source.emit('SIGINT');
    clock.now += 5;
    source.emit('SIGINT');
    expect(kill).not.toHaveBeenCalled();
  });

  it('ends things by force when it is repeated', () => {
    const { source, clock, kill } = aProcess();
    source.emit('SIGINT');
    clock.now += 1500;
    source.emit('SIGINT');
    expect(kill).toHaveBeenCalledTimes(1);
  });
});
