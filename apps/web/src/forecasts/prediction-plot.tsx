import type { EpochMs } from '@candlecast/domain';
import { formatInstant } from '../charts/axis-time.ts';
import { niceTicks } from '../charts/svg-layout.ts';
import { formatPrice } from '../market/format-decimal.ts';
import { fromChartNumber } from '../market/from-chart-number.ts';
import { LinePlot, PlotKey } from './line-plot.tsx';
import { bandPath, frameOf, linePath, type PlotFrame } from './line-plot-layout.ts';
import lines from './plot-lines.module.css';
import { type PredictedPoint, pointsOf } from './prediction-series.ts';

/** What was predicted over the time that it was about, what came, and the naive forecast beside both. */
export function PredictionPlot({ predicted, decimals }: { readonly predicted: readonly PredictedPoint[]; readonly decimals: number }) {
  const [lower, upper] = [pointsOf(predicted, 'lower90'), pointsOf(predicted, 'upper90')];
  const frame = frameOf([...lower, ...upper, ...pointsOf(predicted, 'actual')]);
  return (
    <LinePlot
      title="Predicted against actual"
      description={`${predicted.length} forecasts; the table beneath has the newest.`}
      frame={frame}
      yTicks={predicted.length === 0 ? [] : priceTicks(frame, decimals)}
      xTicks={predicted.length === 0 ? [] : edgeTicks(frame)}
      testId="prediction-plot"
      legend={
        <>
          <PlotKey kind="line">median</PlotKey>
          <PlotKey kind="band">90 % band</PlotKey>
          <PlotKey kind="actual">actual</PlotKey>
          <PlotKey kind="naive">naive: the price stays the same</PlotKey>
          {predicted.length < 2 && <span>No forecasts in this range yet.</span>}
        </>
      }
    >
      <path className={lines.outer} d={bandPath(frame, lower, upper)} />
      <path className={lines.naive} d={linePath(frame, pointsOf(predicted, 'refPrice'))} data-testid="naive-line" />
      <path className={lines.line} d={linePath(frame, pointsOf(predicted, 'median'))} />
      <path className={lines.actual} d={linePath(frame, pointsOf(predicted, 'actual'))} />
    </LinePlot>
  );
}

/** Returns price labels at round prices inside the frame. */
export function priceTicks({ y: [low, high] }: PlotFrame, decimals: number) {
  return niceTicks(low, high).map((at) => ({ at, label: formatPrice(fromChartNumber(at, decimals), decimals) }));
}

/** Returns labels of the first and last time of the frame. */
export function edgeTicks({ x }: PlotFrame) {
  return x.map((at) => ({ at, label: formatInstant(Math.round(at) as EpochMs) }));
}
