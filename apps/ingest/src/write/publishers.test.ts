import { AppError, type LatestUpdate, toInstrumentId } from '@candlecast/domain';
import { eventually, FakeClock } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { isPassing } from './database-failure.ts';
import { createFeedPublisher } from './feed-publisher.ts';
import { createProgressPublisher } from './progress-publisher.ts';
import { StateWriter } from './state-writer.ts';

const ID = toInstrumentId('SIM', 'BTCUSDT');

function aChannel() {
  const published: unknown[] = [];
  return { published, publish: (update: LatestUpdate) => void published.push(update.value) };
}

describe('createFeedPublisher', () => {
  it('publishes changes, and says since when the state has lasted', () => {
    const clock = new FakeClock(1_000);
    const channel = aChannel();
    const publisher = createFeedPublisher('SIM', clock, channel);
    publisher.set('BACKFILLING', 'catching up A, B', true);
    clock.advance(500);
    publisher.set('BACKFILLING', 'catching up B', true);
    publisher.set('BACKFILLING', 'catching up B', true);
    clock.advance(500);
    publisher.set('LIVE', null, true);
    publisher.repeat();
    publisher.set('STALE', null, false);
    expect(channel.published).toEqual([
      { venue: 'SIM', state: 'BACKFILLING', since: 1_000, detail: 'catching up A, B' },
      { venue: 'SIM', state: 'BACKFILLING', since: 1_000, detail: 'catching up B' },
      { venue: 'SIM', state: 'LIVE', since: 2_000, detail: null },
      { venue: 'SIM', state: 'LIVE', since: 2_000, detail: null },
    ]);
  });
});

describe('createProgressPublisher', () => {
  it('publishes the newest figures with the time left at the rate so far', () => {
    let nowMs = 0;
    const channel = aChannel();
    const progress = createProgressPublisher(channel, () => nowMs);
    const note = (phase: 'initial' | 'background', rowsDone: number, rowsWanted: number, isCompared = true) =>
      progress.note(ID, { phase, rowsDone, rowsWanted, isCompared });
    note('initial', 100, 1_000);
    nowMs = 1_000;
    note('initial', 200, 1_000);
    note('initial', 400, 1_000);
    progress.flush();
    progress.flush();
    note('background', 0, 5_000);
    progress.flush();
    expect(channel.published).toEqual([
      { instrumentId: ID, rowsDone: 400, rowsWanted: 1_000, etaMs: 2_000 },
      { instrumentId: ID, rowsDone: 0, rowsWanted: 5_000, etaMs: null },
    ]);
  });

  it('takes rows that were there before the start for no rate', () => {
    let nowMs = 0;
    const channel = aChannel();
    const progress = createProgressPublisher(channel, () => nowMs);
    progress.note(ID, { phase: 'background', rowsDone: 0, rowsWanted: 10_000, isCompared: false });
    nowMs = 10;
    progress.note(ID, { phase: 'background', rowsDone: 8_000, rowsWanted: 10_000, isCompared: false });
    progress.flush();
    progress.note(ID, { phase: 'background', rowsDone: 8_000, rowsWanted: 10_000, isCompared: true });
    nowMs = 1_010;
    progress.note(ID, { phase: 'background', rowsDone: 9_000, rowsWanted: 10_000, isCompared: true });
    progress.flush();
    expect(channel.published).toEqual([
      { instrumentId: ID, rowsDone: 8_000, rowsWanted: 10_000, etaMs: null },
      { instrumentId: ID, rowsDone: 9_000, rowsWanted: 10_000, etaMs: 1_000 },
    ]);
  });
});

describe('StateWriter', () => {
  it('writes the newest state of each instrument and repeats nothing', async () => {
    const stop = new AbortController();
    const written: string[] = [];
    const writer = new StateWriter({
      setStates: async (changes) => void written.push(...changes.map(({ id, state }) => `${id} ${state}`)),
    });
    writer.set(ID, 'BACKFILLING', null);
    writer.set(ID, 'LIVE', null);
    const running = writer.run(stop.signal);
    await eventually(() => expect(written).toEqual([`${ID} LIVE`]));
    writer.set(ID, 'LIVE', null);
    writer.set(ID, 'FAILED', 'gone');
    await eventually(() => expect(written).toEqual([`${ID} LIVE`, `${ID} FAILED`]));
    stop.abort();
    await running;
  });
});

describe('isPassing', () => {
  const withCode = (code: string) => Object.assign(new Error('failed'), { code });

  it.each([
    [true, new AppError('database_unavailable', 'away', { retryable: true })],
    [false, new AppError('database_error', 'refused')],
    [true, withCode('ECONNREFUSED')],
    [true, withCode('57P01')],
    [true, withCode('P1001')],
    [false, withCode('23505')],
    [false, withCode('P2002')],
    [true, new Error('Connection terminated unexpectedly')],
    [true, new Error('outer', { cause: withCode('ECONNRESET') })],
    [false, new TypeError('x is undefined')],
    [false, 'text'],
  ])('is %s for %s', (expected, cause) => {
    expect(isPassing(cause)).toBe(expected);
  });
});
