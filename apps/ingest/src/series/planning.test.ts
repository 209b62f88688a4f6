import { type CrewMember, DAY_MS, type EpochMs, type FeedState, MINUTE_MS, parseIso, toEpochMs } from '@candlecast/domain';
import { aCandle } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { combineFeeds, describeFeed } from './feed-state.ts';
import { countMinutes, historyFloor, planHistory, settlePage } from './plan-history.ts';
import { planTail } from './plan-tail.ts';
import { drawRoster, type RosterFacts } from './roster.ts';

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
  const live = { hasConnected: true, joining: [], unlinked: [], stalled: [], behind: [], hasEnded: false };

  it.each([
    ['LIVE', {}],
    ['CONNECTING', { hasConnected: false, joining: ['A'] }],
    ['BACKFILLING', { joining: ['A'] }],
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

describe('combineFeeds', () => {
  const member = (id: number, feedState: FeedState | null, over: Partial<CrewMember> = {}): CrewMember => ({
    ...{ id, name: 'n', address: 'a', isAlive: true, leases: 5, feedState, feedDetail: null, blockedForMs: 0 },
    ...over,
  });
  const view = (...members: CrewMember[]) => ({ memberId: 1, hasDuty: true, members, wanted: 10, leases: [] });
  const own = { state: 'LIVE' as const, detail: null };

  it.each([
    ['LIVE', own, [member(1, null), member(2, 'LIVE')]],
    ['BACKFILLING', own, [member(1, 'STALE'), member(2, 'BACKFILLING')]],
    ['LIVE', own, [member(1, 'LIVE'), member(2, 'STALE', { leases: 0 })]],
    ['RECONNECTING', own, [member(1, 'LIVE'), member(2, 'LIVE', { isAlive: false })]],
    ['LIVE', own, [member(1, 'LIVE'), member(2, 'STALE', { isAlive: false, leases: 0 })]],
    ['STALE', undefined, [member(1, null, { leases: 0 }), member(2, 'STALE')]],
    ['CONNECTING', undefined, [member(1, null, { leases: 0 })]],
    ['ENDED', { state: 'ENDED' as const, detail: null }, [member(1, null), member(2, 'ENDED')]],
  ])('is %s: %j beside %j', (state, mine, members) => {
    expect(combineFeeds(mine, view(...members))).toMatchObject({ state });
  });
});

describe('drawRoster', () => {
  const listing = (symbol: string, status = 'TRADING') =>
    ({ instrument: { symbol }, status, isTrading: status === 'TRADING' }) as RosterFacts['listings'][number];
  const stored = (symbol: string) => ({ symbol, id: `SIM:${symbol}` }) as RosterFacts['known'][number];
  const facts = { granted: new Map(), known: [], isRecording: false };
  const symbolsOf = (items: readonly { readonly symbol: string }[]) => items.map(({ symbol }) => symbol);

  it('tracks what is wanted and listed or known, in the order of the wish, with the word of the exchange', () => {
    const listings = [listing('A'), listing('B', 'HALT'), listing('C')];
    const roster = drawRoster({ ...facts, wish: ['B', 'A', 'B', 'X', 'Y'], listings, known: [stored('Y'), stored('C')] });
    expect(roster.wanted).toEqual([
      { symbol: 'B', exchangeStatus: 'HALT' },
      { symbol: 'A', exchangeStatus: 'TRADING' },
      { symbol: 'Y', exchangeStatus: null },
    ]);
    expect(symbolsOf(roster.listed.map(({ instrument }) => instrument))).toEqual(['B', 'A']);
    expect(roster.unknown).toEqual(['X']);
    expect(symbolsOf(roster.released)).toEqual(['C']);
  });

  it('lets requests count before the configuration', () => {
    const granted = new Map([
      ['A', 'UNTRACK'],
      ['C', 'TRACK'],
    ] as const);
    const roster = drawRoster({
      ...facts,
      wish: ['A', 'B'],
      granted,
      listings: ['A', 'B', 'C'].map((symbol) => listing(symbol)),
      known: [stored('A')],
    });
    expect(symbolsOf(roster.wanted)).toEqual(['B', 'C']);
    expect(symbolsOf(roster.released)).toEqual(['A']);
  });

  it('takes what trades when everything is wanted, and goes on when that stops trading or is no longer listed', () => {
    const listings = [listing('A'), listing('B', 'BREAK'), listing('C', 'A_NEW_WORD')];
    const roster = drawRoster({ ...facts, wish: 'everything', listings, known: [stored('C'), stored('D')] });
    expect(symbolsOf(roster.wanted)).toEqual(['A', 'C', 'D']);
  });

  it('tracks everything that a recording holds', () => {
    const listings = [listing('A', 'END_OF_DAY'), listing('B')];
    expect(symbolsOf(drawRoster({ ...facts, wish: 'everything', listings, isRecording: true }).wanted)).toEqual(['A', 'B']);
  });
});
