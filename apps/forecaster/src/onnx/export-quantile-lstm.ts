import { QUANTILE_LEVELS } from '@candlecast/domain';
import { HEAD_COLUMNS, INCREMENTS, LOCATION_MASK, LOG_INCREMENT_LIMIT, SPREADS } from '../models/quantile-head.ts';
import { SCALED_LIMIT, type Scaler } from '../models/scaler.ts';
import { type Constant, type Operation, toOnnxFile } from './onnx-model.ts';

/** Weights of an LSTM with the quantile head in Keras layout: gates i, f, c, o; kernels [inputs, 4·units], head [units, HEAD_COLUMNS]. */
export interface QuantileLstmWeights {
  readonly kernel: Float32Array;
  readonly recurrent: Float32Array;
  readonly bias: Float32Array;
  readonly headKernel: Float32Array;
  readonly headBias: Float32Array;
}

const GATES = 4;
/** Where ONNX's gates i, o, f, c stand in Keras's i, f, c, o. */
const GATE_ORDER = [0, 3, 1, 2] as const;
const LEVELS = QUANTILE_LEVELS.length;
const HORIZONS = HEAD_COLUMNS / (2 + INCREMENTS);

/**
 * Writes an LSTM with scaler and quantile head as an ONNX file. Inputs: `x` [N, steps, features], unscaled, and `sigma` [N, horizons].
 * Output: `quantiles` [N, horizons, levels], log returns. N is free.
 */
export function exportQuantileLstm(
  weights: QuantileLstmWeights,
  scaler: Scaler,
  steps: number,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const inputs = scaler.mean.length;
  const units = weights.bias.length / GATES;
  const graph = {
    name: 'quantile_lstm',
    inputs: [
      { name: 'x', shape: ['N', steps, inputs] },
      { name: 'sigma', shape: ['N', HORIZONS] },
    ],
    outputs: [{ name: 'quantiles', shape: ['N', HORIZONS, LEVELS] }],
    constants: [...scalerConstants(scaler), ...lstmConstants(weights, inputs, units), ...headConstants(weights, units)],
    operations: [...scalerOperations(), ...lstmOperations(units), ...headOperations()],
  };
  return toOnnxFile(graph, metadata);
}

function scalerConstants({ mean, std }: Scaler): Constant[] {
  return [
    { name: 'mean', shape: [mean.length], values: mean },
    { name: 'std', shape: [std.length], values: std },
    scalar('scaled_min', -SCALED_LIMIT),
    scalar('scaled_max', SCALED_LIMIT),
  ];
}

function scalerOperations(): Operation[] {
  return [
    { operator: 'Sub', inputs: ['x', 'mean'], outputs: ['centred'] },
    { operator: 'Div', inputs: ['centred', 'std'], outputs: ['scaled'] },
    { operator: 'Clip', inputs: ['scaled', 'scaled_min', 'scaled_max'], outputs: ['clipped'] },
  ];
}

function lstmConstants({ kernel, recurrent, bias }: QuantileLstmWeights, inputs: number, units: number): Constant[] {
  const bothBiases = new Float32Array(2 * GATES * units);
  bothBiases.set(reorderGates(bias, 1, units));
  return [
    { name: 'W', shape: [1, GATES * units, inputs], values: reorderGates(kernel, inputs, units) },
    { name: 'R', shape: [1, GATES * units, units], values: reorderGates(recurrent, units, units) },
    { name: 'B', shape: [1, 2 * GATES * units], values: bothBiases },
    whole('axis_0', 0),
  ];
}

/** Returns a Keras matrix [rows, 4·units] transposed to [4·units, rows] with the gates in ONNX's order. */
export function reorderGates(matrix: Float32Array, rows: number, units: number): Float32Array {
  return Float32Array.from({ length: matrix.length }, (_, index) => {
    const row = index % rows;
    const column = Math.floor(index / rows);
    const gate = GATE_ORDER[Math.floor(column / units)] ?? 0;
    return matrix[row * GATES * units + gate * units + (column % units)] ?? Number.NaN;
  });
}

/** ONNX Runtime's CPU kernel takes time-major sequences only (layout 0): the graph transposes. */
function lstmOperations(units: number): Operation[] {
  return [
    { operator: 'Transpose', inputs: ['clipped'], outputs: ['time_major'], attributes: { perm: [1, 0, 2] } },
    { operator: 'LSTM', inputs: ['time_major', 'W', 'R', 'B'], outputs: ['', 'last'], attributes: { hidden_size: units } },
    { operator: 'Squeeze', inputs: ['last', 'axis_0'], outputs: ['state'] },
  ];
}

function headConstants({ headKernel, headBias }: QuantileLstmWeights, units: number): Constant[] {
  return [
    { name: 'head_kernel', shape: [units, HEAD_COLUMNS], values: headKernel },
    { name: 'head_bias', shape: [HEAD_COLUMNS], values: headBias },
    whole('head_split', HORIZONS, HORIZONS, HORIZONS * INCREMENTS),
    { name: 'location_mask', shape: [HORIZONS], values: LOCATION_MASK },
    whole('axis_2', 2),
    whole('increment_shape', -1, HORIZONS, INCREMENTS),
    scalar('log_increment_min', -LOG_INCREMENT_LIMIT),
    scalar('log_increment_max', LOG_INCREMENT_LIMIT),
    { name: 'spreads', shape: [INCREMENTS, LEVELS], values: SPREADS },
  ];
}

function headOperations(): Operation[] {
  return [
    { operator: 'Gemm', inputs: ['state', 'head_kernel', 'head_bias'], outputs: ['head'] },
    { operator: 'Split', inputs: ['head', 'head_split'], outputs: ['location', 'scale', 'shape'], attributes: { axis: 1 } },
    { operator: 'Mul', inputs: ['location', 'location_mask'], outputs: ['median'] },
    { operator: 'Reshape', inputs: ['shape', 'increment_shape'], outputs: ['shapes'] },
    { operator: 'Unsqueeze', inputs: ['scale', 'axis_2'], outputs: ['scales'] },
    { operator: 'Add', inputs: ['shapes', 'scales'], outputs: ['log_increments'] },
    { operator: 'Clip', inputs: ['log_increments', 'log_increment_min', 'log_increment_max'], outputs: ['bounded'] },
    { operator: 'Exp', inputs: ['bounded'], outputs: ['increments'] },
    { operator: 'MatMul', inputs: ['increments', 'spreads'], outputs: ['distances'] },
    { operator: 'Unsqueeze', inputs: ['median', 'axis_2'], outputs: ['medians'] },
    { operator: 'Add', inputs: ['distances', 'medians'], outputs: ['in_sigmas'] },
    { operator: 'Unsqueeze', inputs: ['sigma', 'axis_2'], outputs: ['sigmas'] },
    { operator: 'Mul', inputs: ['in_sigmas', 'sigmas'], outputs: ['quantiles'] },
  ];
}

function scalar(name: string, value: number): Constant {
  return { name, shape: [], values: Float32Array.of(value) };
}

function whole(name: string, ...values: number[]): Constant {
  return { name, shape: [values.length], values: BigInt64Array.from(values, BigInt) };
}
