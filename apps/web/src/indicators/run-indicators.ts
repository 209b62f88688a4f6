import { DAY_MS, type EpochMs, type Interval, intervalMs } from '@candlecast/domain';
import { BollingerBands, EMA, MACD, RSI, SMA, VWAP } from 'trading-signals';
import type { ChartLine, LinePoint, LineUpdate } from '../charts/chart-line.ts';
import type { ChartCandle } from '../market/chart-candle.ts';
import { formatChoice, type IndicatorChoice, nameOfChoice } from './indicator-choice.ts';

/** Indicators over one series, kept up to date candle by candle. */
export interface IndicatorRun {
  /** Starts over with a whole series (oldest first, unique) and returns every line with its points. */
  reset(candles: readonly ChartCandle[]): readonly ChartLine[];
  /** Takes the newest candle again as it is now, or the one after it. Undefined when `candle` is older: then the series starts over. */
  advance(candle: ChartCandle): readonly LineUpdate[] | undefined;
}

/** The moving average of volume that every chart has, in candles. */
const VOLUME_PERIOD = 20;

/** One indicator: feeds a candle, or the newest one again, and says what its lines are there. */
interface Runner {
  readonly lines: readonly Omit<ChartLine, 'points'>[];
  feed(candle: ChartCandle, isSame: boolean): readonly (number | undefined)[];
}

/** Returns the run of a chart's indicators, with the average of its volume. Prices are chart numbers: indicators are drawn, never told. */
export function createIndicatorRun(choices: readonly IndicatorChoice[], interval: Interval): IndicatorRun {
  let runners: readonly Runner[] = [];
  let newest = 0;

  function feed(candle: ChartCandle): { readonly id: string; readonly value: number | undefined }[] {
    const isSame = candle.openTime === newest;
    newest = candle.openTime;
    return runners.flatMap((runner) => {
      const values = runner.feed(candle, isSame);
      return runner.lines.map(({ id }, index) => ({ id, value: values[index] }));
    });
  }

  return {
    reset(candles) {
      newest = 0;
      runners = [volumeAverage(), ...choices.map((choice, index) => toRunner(choice, index, interval))];
      const points = new Map<string, LinePoint[]>();
      for (const candle of candles) {
        for (const { id, value } of feed(candle)) {
          const line = points.get(id) ?? [];
          if (value !== undefined) line.push({ time: candle.openTime, value });
          points.set(id, line);
        }
      }
      return runners.flatMap(({ lines }) => lines.map((line) => ({ ...line, points: points.get(line.id) ?? [] })));
    },
    advance(candle) {
      if (candle.openTime < newest) return undefined;
      return feed(candle).flatMap(({ id, value }) => (value === undefined ? [] : [{ id, points: [{ time: candle.openTime, value }] }]));
    },
  };
}

function volumeAverage(): Runner {
  const average = new SMA(VOLUME_PERIOD);
  const line = { id: 'volume-average', label: `Volume ${VOLUME_PERIOD}`, place: 'volume', form: 'line', colour: 5 } as const;
  return { lines: [line], feed: ({ baseVolume }, isSame) => [average.update(baseVolume, isSame) ?? undefined] };
}

function toRunner(choice: IndicatorChoice, index: number, interval: Interval): Runner {
  const [first = 1, second = 1, third = 1] = choice.settings;
  const key = formatChoice(choice);
  const line = (part: string, place: string, colour: number, form: ChartLine['form'] = 'line') => ({
    id: part === '' ? key : `${key}:${part}`,
    label: part === '' ? nameOfChoice(choice) : `${nameOfChoice(choice)} ${part}`,
    place,
    form,
    colour,
  });
  const ofClose = (indicator: { update(value: number, replace: boolean): number | null }, place: string): Runner => ({
    lines: [line('', place, index)],
    feed: ({ close }, isSame) => [indicator.update(close, isSame) ?? undefined],
  });
  switch (choice.kind) {
    case 'sma':
      return ofClose(new SMA(first), 'price');
    case 'ema':
      return ofClose(new EMA(first), 'price');
    case 'rsi':
      return ofClose(new RSI(first), key);
    case 'bb': {
      const bands = new BollingerBands(first, second);
      return {
        lines: [line('upper', 'price', index), line('middle', 'price', index), line('lower', 'price', index)],
        feed({ close }, isSame) {
          const result = bands.update(close, isSame);
          return [result?.upper, result?.middle, result?.lower];
        },
      };
    }
    case 'macd': {
      const macd = new MACD(new EMA(first), new EMA(second), new EMA(third));
      return {
        lines: [line('difference', key, 2, 'histogram'), line('', key, 0), line('signal', key, 1)],
        feed({ close }, isSame) {
          const result = macd.update(close, isSame);
          return [result?.histogram, result?.macd, result?.signal];
        },
      };
    }
    case 'vwap':
      return { lines: [line('', 'price', index)], feed: dailyVwap(interval) };
  }
}

/** Starts over with each UTC day; over candles of a day and longer it has one session. A candle without volume changes nothing. */
function dailyVwap(interval: Interval): Runner['feed'] {
  let vwap = new VWAP();
  let day = -1;
  let fed: EpochMs | undefined;
  return ({ openTime, high, low, close, baseVolume }) => {
    const today = intervalMs(interval) >= DAY_MS ? 0 : Math.floor(openTime / DAY_MS);
    if (today !== day) {
      vwap = new VWAP();
      day = today;
      fed = undefined;
    }
    if (baseVolume > 0) {
      vwap.update({ high, low, close, volume: baseVolume }, fed === openTime);
      fed = openTime;
    }
    return [vwap.getResult() ?? undefined];
  };
}
