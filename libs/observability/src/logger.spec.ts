import { Writable } from 'node:stream';
import { createLogger, NestLog } from './logger';

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

  it.each([
    ['under any name', (error: Error) => ({ cause: error })],
    ['inside of a report', (error: Error) => ({ detail: { error, partition: 3 } })],
    ['as itself', (error: Error) => error],
  ])('says what an error is about and nothing of the row it quotes, if it comes %s', (_, fieldsOf) => {
    const { lines, stream } = capture();
    const error = Object.assign(new Error('duplicate key at postgres://tidings:hunter2@db/tidings'), {
      code: '23505',
      detail: 'Key (address)=(+15551230001) already exists.',
      where: 'COPY contact_points: "+15551230001"',
      parameters: ['+15551230001'],
    });
    createLogger('test', 'info', stream).warn(fieldsOf(error), 'it has to wait');
    const written = lines.join('');
    expect(written).toContain('duplicate key at postgres://[redacted]@db');
    expect(written).toContain('"errorCode":"23505"');
    expect(written).toContain('logger.spec');
    expect(written).not.toContain('+1555');
    expect(written).not.toContain('hunter2');
  });

  it('keeps the error among the fields of a framework’s line', () => {
    const { lines, stream } = capture();
    const log = new NestLog(createLogger('test', 'info', stream));
    log.warn('the sweep has to wait', { error: new Error('no database') }, 'duties');
    log.error(new Error('no broker'), 'duties');
    const [field, thrown] = lines.map((line) => JSON.parse(line) as unknown);
    expect(field).toMatchObject({ msg: 'the sweep has to wait', error: { message: 'no database' } });
    expect(thrown).toMatchObject({ msg: 'no broker', error: { message: 'no broker' } });
  });
});
