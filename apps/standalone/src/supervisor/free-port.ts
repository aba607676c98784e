import { createServer, type AddressInfo } from 'node:net';

/**
 * Finds out whether a port on loopback can be listened on; 0 asks for any.
 * @returns the port, or null if somebody else has it
 */
export async function freePort(wanted: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
