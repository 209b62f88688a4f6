import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { parseFrame } from '../binance/parse-frame.ts';
import { parseDepthSnapshot } from '../binance/read-depth.ts';
import { recordedLines } from '../binance/testing/recorded-frames.ts';
import { BookSync } from './book-sync.ts';
import type { DepthSnapshot } from './order-book.ts';

/** A recorded session with the answers that were received beside its frames. */
interface Session {
  readonly name: string;
  readonly rest: readonly { readonly file: string; readonly url: string; readonly recv_ts: string }[];
}

const reason = hasTestData() ? '' : ' (skipped: TEST_DATA_DIR is not there)';

describe.skipIf(!hasTestData())(`recorded books${reason}`, () => {
  const manifest = hasTestData() ? (JSON.parse(readFileSync(join(testDataDir(), 'ws', 'MANIFEST.json'), 'utf8')) as Session[]) : [];
  // Futures number their changes in another way, and are refused.
  const sessions = manifest
    .filter(({ name }) => !/-(usdm|coinm)-/.test(name))
    .map((session) => ({ ...session, books: snapshotsOf(session) }));

  let comparedInAll = 0;

  it.each(sessions.filter(({ books }) => books.length > 0))('of $name come in step and stay so to the end', ({ name, books }) => {
    const syncs = new Map(books.map(({ symbol }) => [symbol, new BookSync()]));
    const waiting = [...books];
    const restarts: string[] = [];
    let compared = 0;
    const lines = recordedLines(name).map(({ receivedAt, text }) => ({ receivedAt, frame: parseFrame(text) }));
    // Another stream tells some of the same states of the book, earlier or later.
    const tops = new Map(
      lines.flatMap(({ frame }) => (frame.kind === 'book' ? [[`${frame.symbol} ${frame.updateId}`, frame] as const] : [])),
    );
    for (const { receivedAt, frame } of lines) {
      for (const next of waiting.filter((book) => isBefore(book.receivedAt, receivedAt))) {
        expect(syncs.get(next.symbol)?.offer(next.snapshot), next.symbol).toBe('synced');
        waiting.splice(waiting.indexOf(next), 1);
      }
      if (frame.kind !== 'depth') continue;
      const sync = syncs.get(frame.symbol);
      const restart = sync?.take(frame.change);
      if (restart) restarts.push(`${frame.symbol} ${restart}`);
      const { book } = sync ?? {};
      if (!book) continue;
      expect(book.isCrossed).toBe(false);
      const top = tops.get(`${frame.symbol} ${book.lastUpdateId}`);
      if (!top) continue;
      expect([book.best('bids', 1), book.best('asks', 1)]).toEqual([[[top.bidPrice, top.bidSize]], [[top.askPrice, top.askSize]]]);
      compared += 1;
    }
    expect(waiting).toEqual([]);
    expect(restarts).toEqual([]);
    expect([...syncs].filter(([, { book }]) => !book)).toEqual([]);
    comparedInAll += compared;
  });

  it('are there to be checked, against the stream of tops, too', () => {
    expect(comparedInAll).toBeGreaterThan(1_000);
    expect(sessions.filter(({ books }) => books.length > 0).length).toBeGreaterThan(5);
    expect(sessions.flatMap(({ books }) => books).length).toBeGreaterThan(30);
  });
});

function snapshotsOf({ rest }: Session): { symbol: string; receivedAt: string; snapshot: DepthSnapshot }[] {
  return rest
    .filter(({ file }) => file.includes('/depth-'))
    .map(({ file, url, recv_ts: receivedAt }) => {
      const query = new URL(url).searchParams;
      const body = JSON.parse(gunzipSync(readFileSync(join(testDataDir(), file.slice(file.indexOf('rest/'))))).toString());
      const limit = Number.parseInt(query.get('limit') ?? '100', 10);
      return { symbol: query.get('symbol') ?? '', receivedAt, snapshot: parseDepthSnapshot(body, limit) };
    });
}

/** Compares unix seconds as they were recorded: ten digits before the point. */
function isBefore(a: string, b: string): boolean {
  return a.padEnd(24, '0') < b.padEnd(24, '0');
}
