import { QUANTILE_LEVELS } from '@candlecast/domain';
import { INCREMENTS, LOG_INCREMENT_LIMIT, SPREADS } from '../models/quantile-head.ts';
import type { Scaler } from '../models/scaler.ts';
import { reorderGates } from './export-quantile-lstm.ts';
import { type Constant, type Operation, toOnnxFile } from './onnx-model.ts';

/** One LSTM with context in Keras layout; the head's columns are medians, log scales and log increments horizon by horizon. */
export interface LstmContextWeights {
  readonly kernel: Float32Array;
  readonly recurrent: Float32Array;
  readonly bias: Float32Array;
  readonly joinedKernel: Float32Array;
  readonly joinedBias: Float32Array;
  readonly headKernel: Float32Array;
  readonly headBias: Float32Array;
}

/** What is written into one file: networks of one shape, whose quantiles are averaged, and the scalers before them. */
export interface LstmContextModel {
  readonly networks: readonly LstmContextWeights[];
  readonly steps: number;
  readonly horizons: number;
  readonly context: { readonly scaler: Scaler; readonly limit: number };
  readonly sequence: { readonly scaler: Scaler; readonly limit: number };
}

const GATES = 4;
const LEVELS = QUANTILE_LEVELS.length;

/**
 * Writes LSTMs with context, scalers and quantile heads as one ONNX file. Inputs: `context` [N, columns] and `x` [N, steps, columns], unscaled,
 * NaN where not known, and `sigma` [N, horizons]. Output: `quantiles` [N, horizons, levels], log returns. N is free.
 */
export function exportLstmContext(model: LstmContextModel, metadata: Readonly<Record<string, string>>): Uint8Array {
  const { networks, steps, horizons, context, sequence } = model;
  const graph = {
    name: 'lstm_context',
    inputs: [
      { name: 'context', shape: ['N', context.scaler.mean.length] },
      { name: 'x', shape: ['N', steps, sequence.scaler.mean.length] },
      { name: 'sigma', shape: ['N', horizons] },
    ],
    outputs: [{ name: 'quantiles', shape: ['N', horizons, LEVELS] }],
    constants: [
      ...scalerConstants('context', context),
      ...scalerConstants('x', sequence),
      ...sharedConstants(horizons, networks.length),
      ...networks.flatMap((weights, index) => networkConstants(weights, index, model)),
    ],
    operations: [
      ...scalerOperations('context'),
      ...scalerOperations('x'),
      operation('Transpose', ['x_scaled'], 'time_major', { perm: [1, 0, 2] }),
      ...networks.flatMap((weights, index) => networkOperations(index, weights.bias.length / GATES)),
      operation(
        'Sum',
        networks.map((_, index) => `quantiles_${index}`),
        'summed',
      ),
      operation('Div', ['summed', 'networks'], 'in_sigmas'),
      operation('Unsqueeze', ['sigma', 'axis_2'], 'sigmas'),
      operation('Mul', ['in_sigmas', 'sigmas'], 'quantiles'),
    ],
  };
  return toOnnxFile(graph, metadata);
}

function scalerConstants(name: string, { scaler, limit }: LstmContextModel['context']): Constant[] {
  return [
    { name: `${name}_mean`, shape: [scaler.mean.length], values: scaler.mean },
    { name: `${name}_std`, shape: [scaler.std.length], values: scaler.std },
    scalar(`${name}_min`, -limit),
    scalar(`${name}_max`, limit),
  ];
}

/** What is not known becomes the mean, 0, before it is cut. */
function scalerOperations(name: string): Operation[] {
  return [
    operation('Sub', [name, `${name}_mean`], `${name}_centred`),
    operation('Div', [`${name}_centred`, `${name}_std`], `${name}_raw`),
    operation('IsNaN', [`${name}_raw`], `${name}_unknown`),
    operation('Where', [`${name}_unknown`, 'zero', `${name}_raw`], `${name}_known`),
    operation('Clip', [`${name}_known`, `${name}_min`, `${name}_max`], `${name}_scaled`),
  ];
}

function sharedConstants(horizons: number, networks: number): Constant[] {
  return [
    scalar('zero', 0),
    scalar('networks', networks),
    whole('axis_0', 0),
    whole('axis_2', 2),
    whole('head_split', horizons, horizons, horizons * INCREMENTS),
    whole('increment_shape', -1, horizons, INCREMENTS),
    scalar('log_increment_min', -LOG_INCREMENT_LIMIT),
    scalar('log_increment_max', LOG_INCREMENT_LIMIT),
    { name: 'spreads', shape: [INCREMENTS, LEVELS], values: SPREADS },
  ];
}

function networkConstants(weights: LstmContextWeights, index: number, { sequence, context }: LstmContextModel): Constant[] {
  const inputs = sequence.scaler.mean.length;
  const columns = context.scaler.mean.length;
  const units = weights.bias.length / GATES;
  const joined = weights.joinedBias.length;
  const both = new Float32Array(2 * GATES * units);
  both.set(reorderGates(weights.bias, 1, units));
  return [
    { name: `W_${index}`, shape: [1, GATES * units, inputs], values: reorderGates(weights.kernel, inputs, units) },
    { name: `R_${index}`, shape: [1, GATES * units, units], values: reorderGates(weights.recurrent, units, units) },
    { name: `B_${index}`, shape: [1, 2 * GATES * units], values: both },
    { name: `joined_kernel_${index}`, shape: [units + columns, joined], values: weights.joinedKernel },
    { name: `joined_bias_${index}`, shape: [joined], values: weights.joinedBias },
    { name: `head_kernel_${index}`, shape: [joined + columns, weights.headBias.length], values: weights.headKernel },
    { name: `head_bias_${index}`, shape: [weights.headBias.length], values: weights.headBias },
  ];
}

function networkOperations(index: number, units: number): Operation[] {
  const own = (name: string) => `${name}_${index}`;
  return [
    {
      operator: 'LSTM',
      inputs: ['time_major', own('W'), own('R'), own('B')],
      outputs: ['', own('last')],
      attributes: { hidden_size: units },
    },
    operation('Squeeze', [own('last'), 'axis_0'], own('state')),
    operation('Concat', [own('state'), 'context_scaled'], own('seen'), { axis: 1 }),
    operation('Gemm', [own('seen'), own('joined_kernel'), own('joined_bias')], own('sum')),
    operation('Sigmoid', [own('sum')], own('gate')),
    operation('Mul', [own('sum'), own('gate')], own('joined')),
    operation('Concat', [own('joined'), 'context_scaled'], own('body'), { axis: 1 }),
    operation('Gemm', [own('body'), own('head_kernel'), own('head_bias')], own('head')),
    {
      operator: 'Split',
      inputs: [own('head'), 'head_split'],
      outputs: [own('location'), own('scale'), own('shape')],
      attributes: { axis: 1 },
    },
    operation('Reshape', [own('shape'), 'increment_shape'], own('shapes')),
    operation('Unsqueeze', [own('scale'), 'axis_2'], own('scales')),
    operation('Add', [own('shapes'), own('scales')], own('log_increments')),
    operation('Clip', [own('log_increments'), 'log_increment_min', 'log_increment_max'], own('bounded')),
    operation('Exp', [own('bounded')], own('increments')),
    operation('MatMul', [own('increments'), 'spreads'], own('distances')),
    operation('Unsqueeze', [own('location'), 'axis_2'], own('medians')),
    operation('Add', [own('distances'), own('medians')], own('quantiles')),
  ];
}

function operation(operator: string, inputs: readonly string[], output: string, attributes?: Operation['attributes']): Operation {
  return { operator, inputs, outputs: [output], ...(attributes && { attributes }) };
}

function scalar(name: string, value: number): Constant {
  return { name, shape: [], values: Float32Array.of(value) };
}

function whole(name: string, ...values: number[]): Constant {
  return { name, shape: [values.length], values: BigInt64Array.from(values, BigInt) };
}
