import type { RunFields } from '../graphql/documents/models.ts';

/** A run's losses, epoch by epoch, as parts of the baseline's loss: below 1 is better than the baseline. */
export interface LossCurve {
  readonly id: string;
  readonly points: readonly { readonly epoch: number; readonly ratio: number }[];
  /** The best of them; undefined for a run without losses. */
  readonly best: number | undefined;
}

/** How curves lie in their box: SVG path data by run, and where the axes have their labels, in units of the box. */
export interface LossLayout {
  readonly paths: readonly { readonly id: string; readonly path: string; readonly end: readonly [x: number, y: number] | undefined }[];
  /** Where the baseline is, which is always drawn. */
  readonly baseline: number;
  readonly ticks: readonly { readonly ratio: number; readonly y: number }[];
  readonly epochs: readonly { readonly epoch: number; readonly x: number }[];
}

export const LOSS_BOX = { width: 640, height: 260 } as const;
const TICKS = 4;
const MARGIN = 0.08;
/** What the axis spans at least: less would be drawn as much, and its labels of three places would be equal. */
const LEAST_SPAN = 0.01;

/** Returns the curve of a run. Epochs without a validation loss are left out; the baseline's loss is the epoch's own, else the run's. */
export function toLossCurve({ id, epochs, figures }: Pick<RunFields, 'id' | 'epochs' | 'figures'>): LossCurve {
  const ofRun = figures.find(({ name }) => name === 'loss.baseline')?.value;
  const points = epochs.flatMap(({ epoch, figures: measured }) => {
    const loss = measured.find(({ name }) => name === 'validationLoss')?.value;
    const baseline = measured.find(({ name }) => name === 'baselineLoss')?.value ?? ofRun;
    return loss === undefined || !baseline ? [] : [{ epoch, ratio: loss / baseline }];
  });
  return { id, points, best: points.length > 0 ? Math.min(...points.map(({ ratio }) => ratio)) : undefined };
}

/** Lays out curves over one another, with the baseline at 1 in sight. Undefined when none has a point. */
export function layOutLosses(curves: readonly LossCurve[]): LossLayout | undefined {
  const points = curves.flatMap((curve) => curve.points);
  if (points.length === 0) return undefined;
  const ratios = [1, ...points.map(({ ratio }) => ratio)];
  const span = Math.max(...ratios) - Math.min(...ratios);
  const margin = Math.max(span * MARGIN, (LEAST_SPAN - span) / 2);
  const [low, high] = [Math.min(...ratios) - margin, Math.max(...ratios) + margin];
  const first = Math.min(...points.map(({ epoch }) => epoch));
  const last = Math.max(...points.map(({ epoch }) => epoch), first + 1);
  const x = (epoch: number) => round(((epoch - first) / (last - first)) * LOSS_BOX.width);
  const y = (ratio: number) => round(((high - ratio) / (high - low)) * LOSS_BOX.height);
  return {
    paths: curves.map(({ id, points: own }) => {
      const end = own.at(-1);
      return {
        id,
        path: own.map(({ epoch, ratio }, index) => `${index === 0 ? 'M' : 'L'}${x(epoch)} ${y(ratio)}`).join(''),
        end: end && [x(end.epoch), y(end.ratio)],
      };
    }),
    baseline: y(1),
    ticks: Array.from({ length: TICKS + 1 }, (_, index) => high - ((high - low) * index) / TICKS).map((ratio) => ({ ratio, y: y(ratio) })),
    epochs: [first, last].map((epoch) => ({ epoch, x: x(epoch) })),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
