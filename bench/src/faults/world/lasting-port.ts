import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Finds a free port below those that the system gives away: nobody else takes it while its server is down. */
export async function findLastingPort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const probe = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  });
  await new Promise((resolve) => probe.close(resolve));
  return isFree ? port : findLastingPort();
}
