import { type EpochMs, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { isBookBehind, isCandleBehind } from './stall-probe.ts';
import { streamsOf } from './stream-names.ts';
import { StreamWatch } from './stream-watch.ts';

const START = 1_640_995_200_000;
const CANDLES = 'btcusdt@kline_1m';
const BOOK = 'btcusdt@bookTicker';

function at(seconds: number): EpochMs {
  return toEpochMs(START + seconds * 1_000);
}

function aWatch(floorMs = 0): StreamWatch {
  const watch = new StreamWatch(floorMs);
  watch.add(streamsOf('BTCUSDT'));
  watch.started([CANDLES, BOOK], at(0));
  return watch;
}

function names(streams: readonly { readonly name: string }[]): string[] {
  return streams.map(({ name }) => name);
}

describe('StreamWatch', () => {
  it('sees the one stream that is silent while the other flows', () => {
    const watch = aWatch();
    watch.heard(BOOK, at(9));
    expect(names(watch.silent(at(9)))).toEqual([]);
    expect(names(watch.silent(at(10)))).toEqual([CANDLES]);
    watch.heard(CANDLES, at(11));
    expect(names(watch.silent(at(20)))).toEqual([]);
    expect(names(watch.silent(at(69)))).toEqual([CANDLES, BOOK]);
  });

  it('calls a stream stalled when the exchange had newer data and it stayed silent for a little longer', () => {
    const watch = aWatch();
    expect(names(watch.suspicious(at(10)))).toEqual([CANDLES]);
    watch.judge(CANDLES, true, at(10));
    expect(watch.suspicious(at(11))).toEqual([]);
    expect(watch.stalled(at(11))).toEqual([]);
    expect(names(watch.stalled(at(12)))).toEqual([CANDLES]);
    watch.heard(CANDLES, at(13));
    expect(watch.stalled(at(14))).toEqual([]);
  });

  it('leaves a quiet stream alone for half a minute', () => {
    const watch = aWatch();
    watch.judge(CANDLES, false, at(10));
    expect(watch.suspicious(at(39))).toEqual([]);
    expect(names(watch.suspicious(at(40)))).toEqual([CANDLES]);
    expect(watch.stalled(at(100))).toEqual([]);
  });

  it('believes the stream when it spoke while the exchange was being asked', () => {
    const watch = aWatch();
    watch.heard(CANDLES, at(11));
    watch.judge(CANDLES, true, at(10));
    expect(watch.stalled(at(30))).toEqual([]);
  });

  it('expects nothing of streams that do not run', () => {
    const watch = aWatch();
    watch.paused([CANDLES, BOOK]);
    expect(watch.silent(at(600))).toEqual([]);
    watch.started([CANDLES, BOOK], at(600));
    expect(names(watch.silent(at(610)))).toEqual([CANDLES]);
  });

  it('gives streams of a fast clock time to arrive', () => {
    const watch = aWatch(180_000);
    expect(watch.silent(at(179))).toEqual([]);
    expect(names(watch.silent(at(180)))).toEqual([CANDLES, BOOK]);
  });
});

describe('isCandleBehind', () => {
  const mark = (minute: number, tradeCount: number | null, baseVolume = '1.0') => ({ openTime: at(minute * 60), tradeCount, baseVolume });

  it.each([
    ['a newer minute with trades', mark(0, 5), mark(1, 1), true],
    ['a newer minute without trades', mark(0, 5), mark(1, 0), false],
    ['more trades in the same minute', mark(0, 5), mark(0, 6), true],
    ['the same trades', mark(0, 5), mark(0, 5), false],
    ['an older minute', mark(1, 5), mark(0, 9), false],
    ['another volume where trades are not counted', mark(0, null), mark(0, null, '1.5'), true],
    ['the same volume where trades are not counted', mark(0, null), mark(0, null), false],
    ['the minute in which a stream started that has said nothing', undefined, mark(0, 9), false],
    ['a minute after the start of a stream that has said nothing', undefined, mark(1, 9), true],
    ['no candle at all', mark(0, 5), undefined, false],
  ])('judges %s', (_, seen, newest, expected) => {
    expect(isCandleBehind(seen, newest, at(30))).toBe(expected);
  });

  it('compares all four values of a book', () => {
    const book = { bidPrice: '1.0', bidSize: '2', askPrice: '1.1', askSize: '3' };
    expect(isBookBehind(book, { ...book })).toBe(false);
    expect(isBookBehind(book, { ...book, askSize: '4' })).toBe(true);
  });
});
