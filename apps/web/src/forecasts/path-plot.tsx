import { SECOND_MS } from '@candlecast/domain';
import type { ForecastPathData } from '../graphql/documents/forecasts.ts';
import { LinePlot, PlotKey } from './line-plot.tsx';
import { bandPath, frameOf, linePath, type PlotPoint } from './line-plot-layout.ts';
import lines from './plot-lines.module.css';
import { edgeTicks, priceTicks } from './prediction-plot.tsx';

interface Props {
  readonly path: ForecastPathData;
  /** Closes of the hours before, oldest first. Times in unix seconds. */
  readonly closes: { readonly t: readonly number[]; readonly c: readonly (number | null)[] };
  /** Earlier forecasts: from where each was issued to its median. */
  readonly ghosts: readonly (readonly [PlotPoint, PlotPoint])[];
  readonly decimals: number;
}

/** The next 24 hours minute by minute behind the price that came, with what was said earlier. */
export function PathPlot({ path, closes, ghosts, decimals }: Props) {
  const band = (level: number) => path.bands.find((row) => Math.abs(row.level - level) < 1e-9);
  const points = (prices: readonly number[]) => path.t.map((time, index) => ({ x: time * SECOND_MS, y: prices[index] ?? 0 }));
  const [inner, outer] = [band(0.5), band(0.9)];
  const realised = closes.t.flatMap((time, index) => {
    const close = closes.c[index];
    return close == null ? [] : [{ x: time * SECOND_MS, y: close }];
  });
  const [low, high] = [points(outer?.lower ?? path.median), points(outer?.upper ?? path.median)];
  const frame = frameOf([...realised, ...low, ...high]);
  const naive = [realised.at(-1), low.at(-1)].flatMap((end) => (end ? [{ x: end.x, y: realised.at(-1)?.y ?? end.y }] : []));
  return (
    <LinePlot
      title="The next 24 hours"
      description={`Issued ${path.issuedAt} by ${path.model.name}. ${path.disclaimer}`}
      frame={frame}
      yTicks={priceTicks(frame, decimals)}
      xTicks={edgeTicks(frame)}
      testId="path-plot"
      legend={
        <>
          <PlotKey kind="actual">price</PlotKey>
          <PlotKey kind="line">median, minute by minute</PlotKey>
          <PlotKey kind="band">50 % and 90 % of each minute</PlotKey>
          <PlotKey kind="naive">naive</PlotKey>
          {ghosts.length > 0 && <span>Faint: what was said earlier.</span>}
          <span>Not financial advice.</span>
        </>
      }
    >
      {outer && <path className={lines.outer} d={bandPath(frame, low, high)} />}
      {inner && <path className={lines.band} d={bandPath(frame, points(inner.lower), points(inner.upper))} />}
      {ghosts.map((ghost) => (
        <path key={ghost[0].x} className={lines.ghost} d={linePath(frame, ghost)} />
      ))}
      <path className={lines.naive} d={linePath(frame, naive)} data-testid="naive-line" />
      <path className={lines.line} d={linePath(frame, points(path.median))} />
      <path className={lines.actual} d={linePath(frame, realised)} />
    </LinePlot>
  );
}
