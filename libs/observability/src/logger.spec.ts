import { Writable } from 'node:stream';
import { createLogger } from './logger';

function capture(): { lines: string[]; stream: Writable } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, stream };
}

describe('the log', () => {
  it('never shows an address, a code, a secret or what a customer was told', () => {
    const { lines, stream } = capture();
    const logger = createLogger('test', 'info', stream);
    logger.info({ address: '+15551230001', message: { to: 'ana@example.org', text: 'Balance 92' } }, 'sent');
    logger.info({ facts: { code: '123456' }, headers: { authorization: 'Bearer tdg_abc' } }, 'planned');
    const written = lines.join('');
    expect(written).toContain('sent');
    for (const hidden of ['+1555', 'ana@', 'Balance', '123456', 'tdg_'])
      expect(written).not.toContain(hidden);
  });

  it('takes the credentials out of a connection string in an error', () => {
    const { lines, stream } = capture();
    const error = new Error('cannot reach postgres://tidings:hunter2@db/tidings');
    createLogger('test', 'info', stream).error({ error }, 'no database');
    expect(lines.join('')).toContain('//[redacted]@db/tidings');
    expect(lines.join('')).not.toContain('hunter2');
  });
});
