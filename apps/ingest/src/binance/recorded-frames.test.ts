import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '@candlecast/store';
import { createTestDatabase, hasTestData, testDataDir } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { type Frame, parseFrame } from './parse-frame.ts';
import { recordedFrames } from './testing/recorded-frames.ts';

/** One recording as its manifest describes it: how many frames of which event it holds. */
interface Session {
  readonly name: string;
  readonly frames: number;
  readonly events: Readonly<Record<string, number>>;
}

const folder = join(testDataDir(), 'ws');
const reason = hasTestData() ? '' : ' (skipped: TEST_DATA_DIR is not there)';

describe.skipIf(!hasTestData())(`recorded frames${reason}`, () => {
  const sessions = hasTestData() ? (JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8')) as Session[]) : [];

  it.each(sessions)('of $name are all understood or refused for a stated reason', ({ name, frames, events }) => {
    const counts: Record<string, Record<string, number>> = {};
    let total = 0;
    for (const text of recordedFrames(name)) {
      const frame = parseFrame(text);
      const event = (JSON.parse(text) as { data: { e?: string } }).data.e ?? 'bookTicker';
      const outcome = frame.kind === 'refused' ? `refused: ${frame.reason}` : frame.kind;
      const ofEvent = counts[event] ?? {};
      counts[event] = { ...ofEvent, [outcome]: (ofEvent[outcome] ?? 0) + 1 };
      total += 1;
      expectSameValues(frame, text);
    }
    const wanted = Object.entries(events).map(([event, count]) => [event, { [outcomeOf(name, event)]: count }]);
    expect(counts).toEqual(Object.fromEntries(wanted));
    expect(total).toBe(frames);
  });

  it('have decimals that come back from the database as they were sent', async () => {
    const decimals = new Set(sessions.flatMap(({ name }) => recordedFrames(name).flatMap((text) => decimalsOf(parseFrame(text)))));
    expect(decimals.size).toBeGreaterThan(10_000);
    const database = await createTestDatabase();
    const { sessions: pool, close } = await createDatabase({ url: database.url, applicationName: 'test' });
    const [row] = await pool.run<{ back: string[] }>({ name: 'round-trip', text: 'select $1::numeric[] as back' }, [[...decimals]]);
    await close();
    await database.drop();
    expect(row?.back).toEqual([...decimals]);
  });
});

/** What becomes of an event: the futures markets name their book's top as an event and number its changes in another way. */
function outcomeOf(session: string, event: string): string {
  const isFutures = /-(usdm|coinm)-/.test(session);
  if (isFutures && (event === 'bookTicker' || event === 'depthUpdate')) return 'refused: event';
  return { kline: 'candle', bookTicker: 'book', aggTrade: 'trade', depthUpdate: 'depth' }[event] ?? `unknown: ${event}`;
}

/** Every value of an understood frame is the frame's own: decimals letter by letter. */
function expectSameValues(frame: Frame, text: string): void {
  // A million comparisons: only what differs goes through the slow matcher.
  const [read, sent] = [JSON.stringify(valuesOf(frame)), JSON.stringify(sentValues(frame, JSON.parse(text).data))];
  if (read !== sent) expect(read).toBe(sent);
}

function valuesOf(frame: Frame): unknown {
  switch (frame.kind) {
    case 'candle':
      return [frame.symbol, frame.exchangeTime, frame.isClosed, ...Object.values(frame.candle)];
    case 'book':
      return [frame.symbol, frame.updateId, frame.bidPrice, frame.bidSize, frame.askPrice, frame.askSize];
    case 'trade':
      return [frame.symbol, frame.exchangeTime, ...Object.values(frame.trade)];
    case 'depth':
      return [frame.symbol, frame.exchangeTime, ...Object.values(frame.change)];
    default:
      return undefined;
  }
}

function sentValues({ kind }: Frame, data: { readonly [field: string]: unknown }): unknown {
  switch (kind) {
    case 'candle': {
      const { t, o, h, l, c, v, q, n, V, Q, f, L, x } = data.k as Record<string, unknown>;
      return [data.s, data.E, x, t, o, h, l, c, v, q, n, V, Q, f, L];
    }
    case 'book':
      return [data.s, data.u, data.b, data.B, data.a, data.A];
    case 'trade':
      return [data.s, data.E, data.a, data.T, data.p, data.q, data.f, data.l, data.m ? 'SELL' : 'BUY'];
    case 'depth':
      return [data.s, data.E, data.U, data.u, data.b, data.a];
    default:
      return undefined;
  }
}

function decimalsOf(frame: Frame): string[] {
  const values = valuesOf(frame);
  return Array.isArray(values) ? values.flat(3).filter((value) => typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)) : [];
}
