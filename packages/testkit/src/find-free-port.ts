import { type AddressInfo, createServer } from 'node:net';

/** Returns a port of 127.0.0.1 that nobody listens on. Another program may take it before it is used: retry where that matters. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
