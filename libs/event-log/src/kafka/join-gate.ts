import { connect, isIP } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;
/** Every request begins with its size in four bytes; what it asks for follows in two. */
const API_KEY_AT = 4;
const JOIN_GROUP = 11;

/**
 * Connections on which a request to join the group leaves only when `ready` resolves. A join gives every partition
 * back, so the batches in flight must have ended; kafkajs asks nobody before it joins again, and waits for batches only
 * while they have not been given back to it.
 * @param ready must not reject
 */
export function joinGate(ready: () => Promise<void>): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? connectSecurely({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const write = socket.write.bind(socket) as (bytes: Buffer, encoding: BufferEncoding) => boolean;
    socket.write = ((bytes: Buffer, encoding: BufferEncoding): boolean => {
      if (!isJoin(bytes)) return write(bytes, encoding);
      void ready().then(() => socket.destroyed || write(bytes, encoding));
      return true;
    }) as typeof socket.write;
    return socket;
  };
}

function isJoin(bytes: Buffer): boolean {
  return bytes.length >= API_KEY_AT + 2 && bytes.readInt16BE(API_KEY_AT) === JOIN_GROUP;
}
