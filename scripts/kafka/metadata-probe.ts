import { connect } from 'node:net';

const METADATA = 3;
/** Version 4 is spoken by every broker since 0.11 and still needs no compact encoding. */
const VERSION = 4;
const THROTTLE_BYTES = 4;

/**
 * Asks for metadata once. An open port is not yet a ready broker; one that names a live broker is.
 * @returns true if the answer names at least one broker; false if it does not come in time
 */
export function answersMetadata(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const end = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const brokers = brokersIn(received);
      if (brokers !== undefined) end(brokers > 0);
    });
  });
}

function metadataRequest(): Buffer {
  const body = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 4 + 1);
  let at = body.writeInt32BE(body.length - 4);
  at = body.writeInt16BE(METADATA, at);
  at = body.writeInt16BE(VERSION, at);
  at = body.writeInt32BE(1, at);
  at = body.writeInt16BE(-1, at); // no client id
  at = body.writeInt32BE(0, at); // no topic: the brokers are enough
  body.writeInt8(0, at); // create none
  return body;
}

/** Size, correlation id and throttle time come before the number of brokers. */
function brokersIn(answer: Buffer): number | undefined {
  const countAt = 4 + 4 + THROTTLE_BYTES;
  return answer.length >= countAt + 4 ? answer.readInt32BE(countAt) : undefined;
}
