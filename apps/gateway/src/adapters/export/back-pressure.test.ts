import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Candle, type CandleQuery, type Instrument, intervalMs, toDecimal } from '@candlecast/domain';
import { createLogger } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Services } from '../../context.ts';
import { at, BTC, minuteOf } from '../../testing/test-market.ts';
import { createAdapterRoutes } from '../adapter-routes.ts';
import { createExportAdapters } from './export-adapters.ts';
import { CSV_PAGE_ROWS } from './write-file.ts';

/** A market of half a million minutes that are made when they are read: what counts here is when. */
const PAGES = 100;
/** Pages that may be on their way: what the sockets buffer, and one or two more. */
const MOST_ON_THE_WAY = 50;
const ROWS = PAGES * CSV_PAGE_ROWS;

let pagesRead: number;
let server: Server;
let answers: ServerResponse[];
const clients: IncomingMessage[] = [];

beforeEach(async () => {
  pagesRead = 0;
  answers = [];
  const instrument = {
    ...{ id: BTC, venue: 'SIM', symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', tickSize: null, stepSize: null },
    ...{ state: 'LIVE', stateReason: null, firstOpenTime: at(0), watermark: at(ROWS - 1), liveSince: at(0) },
  } as Instrument;
  const services = {
    instruments: { findInstrument: async () => instrument },
    venues: { findRunning: async () => 'SIM', now: async () => at(ROWS) },
    candles: {
      findGaps: async () => [],
      countCandles: async (_id: string, _interval: string, range: { from: number; to: number }) => (range.to - range.from) / 60_000,
      async findCandles({ range, limit, interval }: CandleQuery) {
        pagesRead += 1;
        const rows = Math.min(limit, (range.to - range.from) / intervalMs(interval));
        const first = (range.from - at(0)) / intervalMs(interval);
        return Array.from({ length: rows }, (_, index) => madeUp(first + index));
      },
    },
  } as unknown as Services;
  const routes = createAdapterRoutes(createExportAdapters(services), {
    admit: async () => ({ pay: async () => ({ limit: 1, remaining: 1, resetInMs: 1 }) }), // what costs is counted elsewhere
    origins: [],
    logger: createLogger('gateway', 'silent'),
  });
  server = createServer((request, response) => {
    answers.push(response);
    routes.answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const VALUES = minuteOf(0);
/** Every number differs, so that nothing gets small by being packed. */
function madeUp(minute: number): Candle {
  const number = toDecimal(`${10_000 + ((minute * 7_919) % 1_000_003)}.67890000`);
  return {
    ...VALUES,
    ...{ openTime: at(minute), open: number, high: number, low: number, close: number, baseVolume: number, quoteVolume: number },
    ...{ isClosed: true, revision: 0, knownAt: at(minute + 1), reconstructed: false },
  };
}

async function open(format = 'csv?'): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(
    get(`http://127.0.0.1:${port}/export/candles.${format}&symbol=${BTC}&interval=1m`, { agent: false }),
    'response',
  )) as [IncomingMessage];
  clients.push(response);
  return response;
}

/** Lets everything happen that is ready to. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a large export', () => {
  it.each(['csv?', 'parquet?compression=none'])('of %s is read no faster than its reader takes it', async (format) => {
    await open(format); // and does not read
    await eventually(() => expect(answers[0]?.writableNeedDrain).toBe(true));
    await settle();
    const held = pagesRead;
    await settle();
    expect(pagesRead).toBe(held);
    expect(held).toBeLessThan(MOST_ON_THE_WAY);
  });

  it('comes whole, in bounded memory', async () => {
    const response = await open();
    let lines = 0;
    let mostAhead = 0;
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      for (let place = chunk.indexOf(10); place >= 0; place = chunk.indexOf(10, place + 1)) lines += 1;
      bytes += chunk.length;
      mostAhead = Math.max(mostAhead, pagesRead - lines / CSV_PAGE_ROWS);
    }
    expect(lines).toBe(ROWS + 1);
    expect(bytes).toBeGreaterThan(ROWS * 100);
    expect(mostAhead).toBeLessThan(MOST_ON_THE_WAY);
  }, 120_000);

  it('is not read on once its client has left', async () => {
    const response = await open();
    await eventually(() => expect(answers[0]?.writableNeedDrain).toBe(true));
    response.destroy();
    await once(answers[0] as ServerResponse, 'close');
    await settle();
    const held = pagesRead;
    await settle();
    expect(pagesRead).toBe(held);
    expect(held).toBeLessThan(MOST_ON_THE_WAY);
  });

  it('is refused while four are running, until one ends', async () => {
    const running = await Promise.all([open(), open(), open(), open()]);
    const refused = await open();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    running[0]?.destroy();
    await eventually(async () => expect((await open()).statusCode).toBe(200));
  });
});
