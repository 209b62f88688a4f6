import { LOOKBACK_STEPS, SERVED_HORIZONS } from '../../../apps/forecaster/src/features/feature-schema.ts';
import { joinInput, WINDOW_FLOATS } from '../../../apps/forecaster/src/features/model-input.ts';
import { exportQuantileLstm } from '../../../apps/forecaster/src/onnx/export-quantile-lstm.ts';
import { openOnnxSession } from '../../../apps/forecaster/src/onnx/onnx-session.ts';
import { randomScaler, randomWeights, randomWindows } from '../../../apps/forecaster/src/testing/random-network.ts';
import type { Report } from '../measure/report.ts';
import { percentile, timeEach } from '../measure/timing.ts';

/** Units of the network that is served (`lstm-short`). */
export const UNITS = 24;

const SWEEP = 1_612;
const BATCHES = [
  { rows: 1, times: 2_000, goal: { atMost: 5 } },
  { rows: SWEEP, times: 40, goal: undefined },
] as const;

/** Measures ONNX Runtime as it serves: one thread, batches cut into pieces. The weights are drawn at random, which costs the same. */
export async function measureInference(report: Report): Promise<void> {
  report.section(`Inference as served: LSTM of ${UNITS} units, all ${SERVED_HORIZONS.length} horizons, scaler and head in the file`);
  const session = await openOnnxSession(exportQuantileLstm(randomWeights(1, UNITS, 0.1), randomScaler(1), LOOKBACK_STEPS, {}));
  const windows = randomWindows(2, SWEEP);
  const sigmas = new Float32Array(SERVED_HORIZONS.length).fill(0.01);
  const inputs = Array.from({ length: SWEEP }, (_, row) =>
    joinInput(windows.subarray(row * WINDOW_FLOATS, (row + 1) * WINDOW_FLOATS), sigmas),
  );
  for (const { rows, times, goal } of BATCHES) {
    const batch = inputs.slice(0, rows);
    await timeEach(5, () => session.run(batch));
    const taken = await timeEach(times, () => session.run(batch));
    const what = `${rows === 1 ? 'one instrument' : `${rows} instruments`}`;
    report.figure({ what: `${what}, median`, value: percentile(taken, 0.5), unit: 'ms' });
    report.figure({ what: `${what}, 99 of 100 within`, value: percentile(taken, 0.99), unit: 'ms', ...(goal && { goal }) });
  }
  await session.release();
}
