import type { EpochMs } from '@candlecast/domain';
import { formatInstant } from '../charts/axis-time.ts';
import { LinePlot, PlotKey } from './line-plot.tsx';
import { bandPath, frameOf, linePath, type PlotFrame, type PlotPoint, place } from './line-plot-layout.ts';
import lines from './plot-lines.module.css';
import { coverageOverTime, type RecordAt, skillOverTime, type TimedEstimate } from './record-over-time.ts';
import { ENOUGH } from './record-text.ts';
import type { ReliabilityBin } from './reliability.ts';

const PART_TICKS = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, label: `${at * 100} %` }));

/** What was called how likely against how often it came. The diagonal is honesty, the level line what a coin says. */
export function ReliabilityPlot({ bins }: { readonly bins: readonly ReliabilityBin[] }) {
  const frame: PlotFrame = { x: [0, 1], y: [0, 1] };
  const n = bins.reduce((sum, bin) => sum + bin.n, 0);
  const points = bins.map(({ said, came }) => ({ x: said, y: came }));
  return (
    <LinePlot
      title="Reliability"
      description={n < ENOUGH ? 'Too few resolved forecasts.' : bins.map(describeBin).join(' ')}
      frame={frame}
      yTicks={PART_TICKS}
      xTicks={PART_TICKS}
      testId="reliability"
      legend={
        <>
          <PlotKey kind="line">what came of {n.toLocaleString('en')} forecasts, by what was said</PlotKey>
          <PlotKey kind="dashed">honest</PlotKey>
          <PlotKey kind="naive">naive: one half, always</PlotKey>
          {n < ENOUGH && <span>Too few: n = {n}, from 30 on they are drawn.</span>}
        </>
      }
    >
      <path className={lines.dashed} d={linePath(frame, [ORIGIN, ONE])} />
      <path
        className={lines.naive}
        d={linePath(frame, [
          { x: 0, y: 0.5 },
          { x: 1, y: 0.5 },
        ])}
        data-testid="naive-line"
      />
      {n >= ENOUGH && (
        <>
          <path className={lines.line} d={linePath(frame, points)} />
          {points.map((point) => {
            const { x, y } = place(frame, point);
            return <path key={point.x} className={lines.dot} d={`M${x} ${y}h0.01`} />;
          })}
        </>
      )}
    </LinePlot>
  );
}

/** Skill of the last seven days as it stood day by day; zero is the naive forecast. */
export function SkillPlot({ records }: { readonly records: readonly RecordAt[] }) {
  const values = skillOverTime(records, ENOUGH);
  const frame = timeFrame(records, [...values.flatMap(boundsOf), { x: 0, y: 0 }], 0.1);
  return (
    <LinePlot
      title="Skill over time"
      description={describe(values, (value) => value.toFixed(3))}
      frame={frame}
      yTicks={ticksOf(frame, toHundredths)}
      xTicks={timeTicks(records)}
      testId="skill-over-time"
      legend={
        <>
          <PlotKey kind="line">skill over the seven days before</PlotKey>
          <PlotKey kind="band">95 % interval</PlotKey>
          <PlotKey kind="naive">naive: 0</PlotKey>
          {values.length < 2 && <span>Too few days with 30 resolved forecasts yet.</span>}
        </>
      }
    >
      <path className={lines.band} d={intervalPath(frame, values)} />
      <path className={lines.naive} d={linePath(frame, level(frame, 0))} data-testid="naive-line" />
      <path className={lines.line} d={linePath(frame, values.map(toPoint))} />
    </LinePlot>
  );
}

/** How often the 50 % and 90 % bands held the price, as it stood day by day; dashed is how often they should. */
export function CoveragePlot({ records }: { readonly records: readonly RecordAt[] }) {
  const frame: PlotFrame = { ...timeFrame(records, [], 1), y: [0, 1] };
  const [inner, outer] = [coverageOverTime(records, 0.5, ENOUGH), coverageOverTime(records, 0.9, ENOUGH)];
  return (
    <LinePlot
      title="Coverage over time"
      description={`Of the 90 % band: ${describe(outer, toPercent)} Of the 50 % band: ${describe(inner, toPercent)}`}
      frame={frame}
      yTicks={PART_TICKS}
      xTicks={timeTicks(records)}
      testId="coverage-over-time"
      legend={
        <>
          <PlotKey kind="line">90 % band</PlotKey>
          <PlotKey kind="second">50 % band</PlotKey>
          <PlotKey kind="dashed">as it should be</PlotKey>
          {outer.length < 2 && <span>Too few days with 30 resolved forecasts yet.</span>}
        </>
      }
    >
      <path className={lines.dashed} d={linePath(frame, level(frame, 0.9))} />
      <path className={lines.dashed} d={linePath(frame, level(frame, 0.5))} />
      <path className={lines.line} d={linePath(frame, outer.map(toPoint))} />
      <path className={lines.second} d={linePath(frame, inner.map(toPoint))} />
    </LinePlot>
  );
}

const ORIGIN: PlotPoint = { x: 0, y: 0 };
const ONE: PlotPoint = { x: 1, y: 1 };

function timeFrame(records: readonly RecordAt[], values: readonly PlotPoint[], leastSpan: number): PlotFrame {
  const times = records.map(({ at }) => ({ x: at, y: 0 }));
  return { x: frameOf(times).x, y: frameOf(values, leastSpan).y };
}

function boundsOf({ at, value, lower, upper }: TimedEstimate): PlotPoint[] {
  return [value, lower ?? value, upper ?? value].map((y) => ({ x: at, y }));
}

function intervalPath(frame: PlotFrame, values: readonly TimedEstimate[]): string {
  const known = values.filter(({ lower, upper }) => lower !== null && upper !== null);
  return bandPath(
    frame,
    known.map(({ at, lower }) => ({ x: at, y: lower ?? 0 })),
    known.map(({ at, upper }) => ({ x: at, y: upper ?? 0 })),
  );
}

function level({ x: [from, to] }: PlotFrame, y: number): PlotPoint[] {
  return [
    { x: from, y },
    { x: to, y },
  ];
}

function toPoint({ at, value }: TimedEstimate): PlotPoint {
  return { x: at, y: value };
}

function timeTicks(records: readonly RecordAt[]) {
  const ends = [records[0], records.at(-1)].flatMap((record) => record ?? []);
  return ends.map(({ at }) => ({ at, label: formatInstant(at as EpochMs) }));
}

/** Writes no “−0.00”. */
function toHundredths(value: number): string {
  return (Math.round(value * 100) / 100 || 0).toFixed(2);
}

function ticksOf({ y: [low, high] }: PlotFrame, format: (value: number) => string) {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => low + (high - low) * part).map((at) => ({ at, label: format(at) }));
}

function describe(values: readonly TimedEstimate[], format: (value: number) => string): string {
  const last = values.at(-1);
  return last ? `Last ${format(last.value)}, at ${formatInstant(last.at)}.` : 'Too few resolved forecasts.';
}

function describeBin({ said, came, n }: ReliabilityBin): string {
  return `Said ${toPercent(said)}, came ${toPercent(came)} of ${n}.`;
}

function toPercent(value: number): string {
  return `${(value * 100).toFixed(0)} %`;
}
