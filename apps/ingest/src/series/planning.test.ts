import { DAY_MS, type EpochMs, MINUTE_MS, parseIso, toEpochMs } from '@candlecast/domain';
import { aCandle } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { describeFeed } from './feed-state.ts';
import { countMinutes, historyFloor, planHistory, settlePage } from './plan-history.ts';
import { planTail } from './plan-tail.ts';
import { drawRoster } from './roster.ts';

const START = toEpochMs(1_640_995_200_000);

function at(minute: number): EpochMs {
  return toEpochMs(START + minute * MINUTE_MS);
}

function candles(...minutes: number[]) {
  return minutes.map((minute) => ({ ...aCandle(), openTime: at(minute) }));
}

describe('planTail', () => {
  it.each([
    ['the first missing minute', [0, 1, 2], [], 3],
    ['a minute in the middle', [0, 2, 3, 4], [], 1],
    ['the end, when nothing is missing', [0, 1, 2, 3, 4], [], 5],
    ['the minute after a recorded gap', [0, 3], [{ from: at(1), to: at(3) }], 4],
    ['the beginning of an empty series', [], [], 0],
  ])('goes on at %s', (_, present, gaps, expected) => {
    expect(planTail(present.map(at), at(0), at(5), gaps)).toBe(at(expected));
  });

  it('goes on at its beginning when that is not before the end', () => {
    expect(planTail([], at(7), at(7), [])).toBe(at(7));
  });
});

describe('planHistory', () => {
  const live = parseIso('2022-03-10T12:34:00Z') ?? toEpochMs(0);

  it('wants thirty days before the first live candle first, then windows of thirty days, newest first', () => {
    const floor = toEpochMs(live - 75 * DAY_MS);
    const day = (days: number) => live - days * DAY_MS;
    expect(planHistory(live, floor)).toEqual({
      floor,
      initial: { from: day(30), to: day(0) },
      background: [
        { from: day(45), to: day(30) },
        { from: day(75), to: day(45) },
      ],
    });
  });

  it('stays within a shorter history', () => {
    const floor = toEpochMs(live - 2 * DAY_MS);
    expect(planHistory(live, floor)).toEqual({ floor, initial: { from: floor, to: live }, background: [] });
    expect(planHistory(live, live)).toEqual({ floor: live, initial: { from: live, to: live }, background: [] });
  });

  it('begins at a full day', () => {
    expect(historyFloor(live, 3)).toBe(parseIso('2022-03-07T00:00:00Z'));
  });
});

describe('settlePage', () => {
  const range = { from: at(0), to: at(10) };

  it('settles a full range', () => {
    const rows = candles(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect(settlePage(range, rows, at(-20))).toEqual({ candles: rows, holes: [], rest: undefined, isBeforeListing: false });
  });

  it('leaves what is older than its oldest row for the next page', () => {
    expect(settlePage(range, candles(7, 9), at(-20))).toMatchObject({
      holes: [{ from: at(8), to: at(9) }],
      rest: { from: at(0), to: at(7) },
    });
  });

  it('sees from older rows how far a hole reaches, down to the floor', () => {
    expect(settlePage(range, candles(-9, -5, 4, 5, 6, 7, 8, 9), at(-20))).toMatchObject({
      holes: [{ from: at(-4), to: at(4) }],
      rest: undefined,
    });
    expect(settlePage(range, candles(-30), at(-20))).toMatchObject({
      candles: [],
      holes: [{ from: at(-20), to: at(10) }],
      rest: undefined,
    });
  });

  it('takes an empty page as the beginning of all data', () => {
    expect(settlePage(range, [], at(-20))).toMatchObject({ candles: [], holes: [], isBeforeListing: true });
  });

  it('counts minutes', () => {
    expect(countMinutes([range, { from: at(20), to: at(21) }])).toBe(11);
  });
});

describe('describeFeed', () => {
  const live = { hasConnected: true, unlinked: [], stalled: [], behind: [], hasEnded: false };

  it.each([
    ['LIVE', {}],
    ['CONNECTING', { hasConnected: false, unlinked: ['A'] }],
    ['RECONNECTING', { unlinked: ['A'], behind: ['B'] }],
    ['STALE', { stalled: ['A'], behind: ['B'] }],
    ['BACKFILLING', { behind: ['B'] }],
    ['ENDED', { hasEnded: true }],
    ['BACKFILLING', { hasEnded: true, behind: ['B'] }],
  ])('is %s for %j', (state, change) => {
    expect(describeFeed({ ...live, ...change })).toMatchObject({ state });
  });

  it('names at most three pairs', () => {
    expect(describeFeed({ ...live, behind: ['A', 'B', 'C', 'D', 'E'] }).detail).toBe('catching up A, B, C and 2 more');
  });
});

describe('drawRoster', () => {
  const listing = (symbol: string) => ({ instrument: { symbol }, isTrading: true }) as Parameters<typeof drawRoster>[1][number];
  const stored = (symbol: string) => ({ symbol, id: `SIM:${symbol}` }) as Parameters<typeof drawRoster>[2][number];

  it('tracks what is wanted and listed, in the order of the wish', () => {
    const roster = drawRoster(['B', 'A', 'B', 'X', 'Y'], [listing('A'), listing('B'), listing('C')], [stored('Y'), stored('C')]);
    expect(roster.tracked.map(({ instrument }) => instrument.symbol)).toEqual(['B', 'A']);
    expect(roster.unlisted).toEqual([
      { symbol: 'X', isKnown: false },
      { symbol: 'Y', isKnown: true },
    ]);
    expect(roster.released.map(({ symbol }) => symbol)).toEqual(['C']);
  });

  it('tracks everything that a recording holds', () => {
    const roster = drawRoster('everything', [listing('A'), listing('B')], []);
    expect(roster.tracked).toHaveLength(2);
    expect(roster.unlisted).toEqual([]);
  });
});
