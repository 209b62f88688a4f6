import { type Lease, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import type { Series } from './series.ts';
import { canGoOn, isUnlistedHole, stateOf } from './tracked.ts';

const LEASE: Lease = { instrumentId: toInstrumentId('SIM', 'A'), token: 7, exchangeStatus: 'TRADING', unlisted: null };
const live = { isLive: true } as Series;
const behind = { isLive: false } as Series;
const failure = { state: 'FAILED', reason: 'refused' } as const;

describe('stateOf', () => {
  it.each([
    ['LIVE', null, { series: live, failure: undefined, lease: LEASE }],
    ['BACKFILLING', null, { series: behind, failure: undefined, lease: LEASE }],
    ['PAUSED', 'the exchange says HALT', { series: live, failure: undefined, lease: { ...LEASE, exchangeStatus: 'HALT' } }],
    ['PAUSED', 'the exchange says A_NEW_WORD', { series: live, failure: undefined, lease: { ...LEASE, exchangeStatus: 'A_NEW_WORD' } }],
    ['BACKFILLING', null, { series: behind, failure: undefined, lease: { ...LEASE, exchangeStatus: 'END_OF_DAY' } }],
    ['DELISTED', 'the exchange no longer lists it', { series: undefined, failure: undefined, lease: { ...LEASE, exchangeStatus: null } }],
    ['DELISTED', 'the exchange no longer lists it', { series: live, failure, lease: { ...LEASE, exchangeStatus: null } }],
    ['FAILED', 'refused', { series: live, failure, lease: LEASE }],
  ])('is %s: %s', (state, reason, tracked) => {
    expect(stateOf(tracked)).toEqual({ state, reason });
  });
});

describe('canGoOn', () => {
  const change = (exchangeStatus: string | null) => ({ ...LEASE, exchangeStatus });

  it.each([
    [true, 'nothing changes', { lease: LEASE, series: live, failure: undefined }, LEASE],
    [true, 'trading stops', { lease: LEASE, series: live, failure: undefined }, change('BREAK')],
    [false, 'the lease was taken anew', { lease: LEASE, series: live, failure: undefined }, { ...LEASE, token: 8 }],
    [false, 'a commit was refused', { lease: undefined, series: live, failure: undefined }, LEASE],
    [false, 'it is no longer listed', { lease: LEASE, series: live, failure: undefined }, change(null)],
    [true, 'it stays unlisted', { lease: change(null), series: undefined, failure: undefined }, change(null)],
    [false, 'it is listed again', { lease: change(null), series: undefined, failure: undefined }, LEASE],
    [false, 'it trades again after it failed', { lease: change('BREAK'), series: live, failure }, LEASE],
    [true, 'it failed and nothing is new', { lease: LEASE, series: live, failure }, LEASE],
  ])('is %s when %s', (expected, _, tracked, lease) => {
    expect(canGoOn(tracked, lease)).toBe(expected);
  });
});

describe('isUnlistedHole', () => {
  const at = (minute: number) => toEpochMs(1_640_995_200_000 + minute * 60_000);
  const hole = (from: number, to: number) => ({ from: at(from), to: at(to) });
  const spanOf = (from: number, to: number | null) => ({
    lease: { ...LEASE, unlisted: { from: at(from), to: to === null ? null : at(to) } },
  });

  it.each([
    [true, 'begins before the delisting was noticed', spanOf(10, 50), hole(9, 51)],
    [true, 'lies within', spanOf(10, 50), hole(20, 30)],
    [false, 'was there before', spanOf(10, 50), hole(1, 5)],
    [false, 'came later', spanOf(10, 50), hole(52, 60)],
    [false, 'lies within a delisting that lasts', spanOf(10, null), hole(20, 30)],
    [false, 'has nothing to do with one', { lease: LEASE }, hole(1, 2)],
  ])('is %s for a hole that %s', (expected, _, tracked, range) => {
    expect(isUnlistedHole(tracked, range)).toBe(expected);
  });
});
