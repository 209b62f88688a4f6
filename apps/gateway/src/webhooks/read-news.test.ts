import type { EventLog, LogEvent, LogPosition, Webhook } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { createLatestValues } from '../live/latest-values.ts';
import { BTC } from '../testing/test-market.ts';
import { EVENT_KINDS } from './event-kinds.ts';
import { readNews } from './read-news.ts';

const OLD = '00000000-0000-4000-8000-000000000001';
const NEW = '00000000-0000-4000-8000-000000000002';

const webhook: Webhook = {
  id: 'w',
  owners: ['o'],
  events: ['gap.recorded'],
  symbols: [],
  intervals: [],
  createdAfter: { epoch: OLD, seq: 0 },
};
const at = (epoch: string, seq: number): LogPosition => ({ epoch, seq });

/** A log of gaps of one instrument: places `oldest` + 1 to `head`. */
function sourcesOf(epoch: string, oldest: number, head: number, webhooks: readonly Webhook[] = [webhook]) {
  const events = Array.from({ length: head - oldest }, (_, n) => ({
    epoch,
    seq: oldest + 1 + n,
    at: 0,
    topic: 'gap.recorded',
    key: BTC,
    payload: { instrumentId: BTC, from: 0, to: 60_000, reason: 'PENDING' },
  })) as unknown as LogEvent[];
  const log: Pick<EventLog, 'head' | 'oldest' | 'read'> = {
    head: async () => ({ epoch, seq: head }),
    oldest: async () => ({ epoch, seq: oldest }),
    read: async ({ after, limit }) => events.filter(({ seq }) => seq > after.seq).slice(0, limit),
  };
  const queue = { findTold: async () => new Map<string, string>(), findWebhooks: async () => [...webhooks] };
  return { kinds: EVENT_KINDS, log, latest: createLatestValues(), queue };
}

describe('reading what is new for webhooks', () => {
  it.each([
    [
      'begins at the very first time for each webhook where it was made',
      sourcesOf(OLD, 0, 5, [{ ...webhook, createdAfter: at(OLD, 3) }]),
      undefined,
      2,
      at(OLD, 5),
      0,
    ],
    ['goes on where it stopped', sourcesOf(OLD, 0, 5), at(OLD, 3), 2, at(OLD, 5), 0],
    ['has nothing to do at the head', sourcesOf(OLD, 0, 5), at(OLD, 5), 0, at(OLD, 5), 0],
    ['counts what is gone, and goes on with what is there', sourcesOf(OLD, 10, 14), at(OLD, 3), 4, at(OLD, 14), 7],
    ['reads a log that was made anew from its beginning', sourcesOf(NEW, 0, 2), at(OLD, 99), 2, at(NEW, 2), 0],
  ])('%s', async (_, sources, after, deliveries, to, missed) => {
    const news = await readNews(sources, after);
    expect({ deliveries: news.deliveries.length, to: news.to, missed: news.missed }).toEqual({ deliveries, to, missed });
  });

  it('goes page by page and says that more waits', async () => {
    const sources = sourcesOf(OLD, 0, 2_500);
    const first = await readNews(sources, at(OLD, 0));
    expect([first.deliveries.length, first.to.seq, first.hasMore]).toEqual([1_000, 1_000, true]);
    const last = await readNews(sources, at(OLD, 2_000));
    expect([last.deliveries.length, last.to.seq, last.hasMore]).toEqual([500, 2_500, false]);
  });

  it('leaves to the next pass what is logged while the webhooks are read: one that is new by then has its beginning there', async () => {
    const sources = sourcesOf(OLD, 0, 9);
    const early = { ...sources, log: { ...sources.log, head: async () => at(OLD, 4) } };
    const news = await readNews(early, at(OLD, 0));
    expect([news.deliveries.length, news.to.seq]).toEqual([4, 4]);
  });

  it('passes over the log when nobody wants any of it', async () => {
    const news = await readNews(sourcesOf(OLD, 0, 2_500, [{ ...webhook, events: ['feed.status'] }]), at(OLD, 0));
    expect([news.deliveries.length, news.to.seq, news.hasMore]).toEqual([0, 2_500, false]);
  });
});
