import { describe, expect, it } from 'vitest';
import { LOSS_BOX, layOutLosses, toLossCurve } from './loss-curves.ts';

function run(losses: readonly (number | undefined)[], baseline?: number) {
  const epochs = losses.map((value, epoch) => ({
    epoch,
    figures: value === undefined ? [] : [{ name: 'validationLoss', value }, ...(baseline ? [] : [{ name: 'baselineLoss', value: 2 }])],
  }));
  return { id: 'a', epochs, figures: baseline ? [{ name: 'loss.baseline', value: baseline }] : [] };
}

describe('loss curves', () => {
  it('are parts of the baseline’s loss, by epoch; epochs without a loss are left out', () => {
    expect(toLossCurve(run([2, 1.5, undefined, 1]))).toEqual({
      id: 'a',
      points: [
        { epoch: 0, ratio: 1 },
        { epoch: 1, ratio: 0.75 },
        { epoch: 3, ratio: 0.5 },
      ],
      best: 0.5,
    });
  });

  it('take the baseline of the run where the epochs do not have it, and are empty without any', () => {
    expect(toLossCurve(run([1], 4)).points).toEqual([{ epoch: 0, ratio: 0.25 }]);
    expect(toLossCurve({ ...run([1], 4), figures: [] })).toEqual({ id: 'a', points: [], best: undefined });
  });

  it('always have the baseline in sight, and fill the box from the first epoch to the last', () => {
    const layout = layOutLosses([toLossCurve(run([1, 0.8]))]);
    expect(layout?.baseline).toBeGreaterThan(0);
    expect(layout?.baseline).toBeLessThan(LOSS_BOX.height);
    // Both losses are better than the baseline: they lie below it.
    for (const [, y] of layout?.paths[0]?.path.matchAll(/ ([\d.]+)/g) ?? []) expect(Number(y)).toBeGreaterThan(layout?.baseline ?? 0);
    expect(layout?.paths[0]?.path).toMatch(/^M0 /);
    expect(layout?.paths[0]?.end?.[0]).toBe(LOSS_BOX.width);
  });

  it('that hardly differ are not drawn apart, and their axis has no label twice', () => {
    const layout = layOutLosses([toLossCurve(run([1, 1.000001], 1))]);
    expect(new Set(layout?.ticks.map(({ ratio }) => ratio.toFixed(3))).size).toBe(layout?.ticks.length);
    expect(layout?.paths[0]?.path).toBe(`M0 ${LOSS_BOX.height / 2}L${LOSS_BOX.width} ${LOSS_BOX.height / 2}`);
  });

  it('are none without a loss', () => expect(layOutLosses([toLossCurve(run([]))])).toBeUndefined());
});
