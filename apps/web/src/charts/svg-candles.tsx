import type { Interval } from '@candlecast/domain';
import type { ChartCandle } from '../market/chart-candle.ts';
import type { ForecastFan } from '../market/forecast-fan.ts';
import { formatPrice } from '../market/format-decimal.ts';
import { fromChartNumber } from '../market/from-chart-number.ts';
import { formatAxisTime } from './axis-time.ts';
import styles from './svg-candles.module.css';
import { HEIGHT, layOutCandles } from './svg-layout.ts';

interface Props {
  readonly label: string;
  readonly interval: Interval;
  readonly decimals: number;
  readonly candles: readonly ChartCandle[];
  readonly fan: ForecastFan | undefined;
}

/** The chart as the server renders it: readable without JavaScript, in the very box that the chart engine takes over. */
export function SvgCandles({ label, interval, decimals, candles, fan }: Props) {
  const layout = layOutCandles(candles, interval, fan);
  const price = (value: number) => formatPrice(fromChartNumber(value, decimals), decimals);
  return (
    <div className={styles.chart} role="img" aria-label={label}>
      <div className={styles.plot}>
        {layout.priceTicks.map(({ price: value, top }) => (
          <span key={value} className={styles.gridLine} style={{ top: percent(top) }} />
        ))}
        <svg
          className={styles.drawing}
          style={{ minWidth: layout.minWidthPx }}
          viewBox={`0 0 ${layout.width} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path className={styles.outerBand} d={layout.outerBand} />
          <path className={styles.innerBand} d={layout.innerBand} />
          {layout.now !== undefined && <path className={styles.now} d={`M${layout.now} ${HEIGHT * 0.13}V${HEIGHT}`} />}
          <path className={styles.risingVolume} d={layout.risingVolume} />
          <path className={styles.fallingVolume} d={layout.fallingVolume} />
          <path className={styles.rising} d={layout.rising} />
          <path className={styles.falling} d={layout.falling} />
          <path className={styles.median} d={layout.median} />
        </svg>
      </div>
      <div className={styles.priceAxis} aria-hidden="true">
        {layout.priceTicks.map(({ price: value, top }) => (
          <span key={value} style={{ top: percent(top) }}>
            {price(value)}
          </span>
        ))}
        {layout.last && (
          <span className={layout.last.isRising ? styles.lastRising : styles.lastFalling} style={{ top: percent(layout.last.top) }}>
            {price(layout.last.price)}
          </span>
        )}
      </div>
      <div className={styles.timeAxis} aria-hidden="true">
        <div className={styles.timeLabels} style={{ minWidth: layout.minWidthPx }}>
          {layout.timeTicks.map(({ time, left }) => (
            <span key={time} style={{ left: percent(left) }}>
              {formatAxisTime(time, interval)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}
