// A plain JSON route, as a measure for the gateway: Fastify, one statement, the columns as they are.
import type { InstrumentId, Interval } from '@candlecast/domain';
import { createDatabase } from '@candlecast/store';
import fastify from 'fastify';
import { readColumns } from './read-columns.ts';

const database = await createDatabase({ url: process.env.DATABASE_URL ?? '', applicationName: 'plain route' });
const app = fastify();
app.get('/health', () => ({ status: 'up' }));
app.get<{ Querystring: { symbol: InstrumentId; interval: Interval; to: string; countback: string } }>('/bars', async ({ query }) => {
  const [to, count] = [Number.parseInt(query.to, 10), Number.parseInt(query.countback, 10)];
  return { s: 'ok', ...(await readColumns(database.sessions, { id: query.symbol, interval: query.interval, to, count })) };
});
await app.listen({ host: '127.0.0.1', port: Number.parseInt(process.env.CANDLECAST_GATEWAY_PORT ?? '0', 10) });
