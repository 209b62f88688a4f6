import { connect, createServer, type Server } from 'node:net';
import { createTestDatabase, type TestDatabase } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionPool } from './session.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A way to the database that can die: what is sent is then taken and forgotten, on the connections that exist. */
async function layWay(): Promise<{ readonly url: string; die(): void; readonly server: Server }> {
  const target = new URL(database.url);
  const dead = new Set<object>();
  const open = new Set<object>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number.parseInt(target.port, 10), target.hostname);
    open.add(incoming);
    incoming.on('data', (chunk) => void (dead.has(incoming) || outgoing.write(chunk))).on('error', () => undefined);
    incoming.on('close', () => outgoing.destroy());
    outgoing.on('data', (chunk) => void (dead.has(incoming) || incoming.write(chunk))).on('error', () => undefined);
    outgoing.on('close', () => incoming.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const over = new URL(database.url);
  over.port = `${typeof address === 'object' ? address?.port : 0}`;
  return { url: over.href, server, die: () => open.forEach((socket) => void dead.add(socket)) };
}

describe('a session pool', () => {
  it('lets go of a connection that does not answer, and goes on with another', async () => {
    const way = await layWay();
    const sessions = createSessionPool({
      url: way.url,
      applicationName: 'test',
      poolSize: 1,
      statementTimeoutMs: 200,
      idleTransactionTimeoutMs: 5_000,
    });
    const one = { name: 'one', text: 'select 1 as one' };
    await sessions.run(one);
    way.die();
    await expect(sessions.transact((session) => session.run(one))).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
    await expect(sessions.transact((session) => session.run(one))).resolves.toEqual([{ one: 1 }]);
    await sessions.close();
    way.server.close();
  });
});
