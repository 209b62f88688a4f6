import * as tf from '@tensorflow/tfjs-core';
import { fusedLstm } from '../lstm/fused-lstm.ts';
import { createLstmWorkspace } from '../lstm/workspace.ts';
import type { Random } from '../random.ts';
import { fusedGru } from './fused-gru.ts';
import { type DenseLayer, denseLayer, filled, glorot, type NetBody, type NetShape } from './net-body.ts';

/** Builds a body with weights drawn from `random`. */
export type BodyBuilder = (shape: NetShape, random: Random) => NetBody;

/** No layer at all: the head reads the context, a linear quantile regression. */
export const linearBody: BodyBuilder = ({ context }) => ({
  width: context,
  readsSequence: false,
  variables: {},
  apply: (batch) => batch.context,
});

/** Two dense layers beside the context itself. */
export function mlpBody(units: number, rate: number): BodyBuilder {
  return ({ context }, random) => {
    const first = denseLayer(context, 2 * units, rate, random);
    const second = denseLayer(2 * units, units, rate, random);
    return {
      width: units + context,
      readsSequence: false,
      variables: named({ first, second }),
      apply: (batch, dropout) => tf.concat([second.apply(first.apply(batch.context, dropout), dropout), batch.context], 1),
    };
  };
}

/** An LSTM over the sequence alone, on the fused kernel. */
export function lstmBody(units: number): BodyBuilder {
  return (shape, random) => {
    const lstm = lstmLayer(shape, units, random);
    return { width: units, readsSequence: true, variables: lstm.variables, apply: ({ sequence, rows }) => lstm.apply(sequence, rows) };
  };
}

/** An LSTM over the sequence, joined with the context by a dense layer beside the context itself. */
export function lstmContextBody(units: number, rate: number): BodyBuilder {
  return (shape, random) => {
    const lstm = lstmLayer(shape, units, random);
    const joined = denseLayer(units + shape.context, units, rate, random);
    return {
      width: units + shape.context,
      readsSequence: true,
      variables: { ...lstm.variables, ...named({ joined }) },
      apply: ({ sequence, rows, context }, dropout) =>
        tf.concat([joined.apply(tf.concat([lstm.apply(sequence, rows), context], 1), dropout), context], 1),
    };
  };
}

function lstmLayer({ batch, steps, inputs }: NetShape, units: number, random: Random) {
  const workspace = createLstmWorkspace({ batch, steps, inputs, units });
  const forget = Float32Array.from({ length: 4 * units }, (_, index) => (index >= units && index < 2 * units ? 1 : 0));
  const variables = {
    kernel: glorot(inputs, 4 * units, random),
    recurrent: glorot(units, 4 * units, random),
    bias: tf.tidy(() => tf.variable(tf.tensor1d(forget))),
  };
  return { variables, apply: (sequence: Float32Array, rows: number) => fusedLstm(workspace, sequence, rows, variables) };
}

/** A simple recurrent network over the sequence alone: h = tanh(x·W + h·U + b). */
export function simpleRnnBody(units: number): BodyBuilder {
  return (shape, random) => {
    const variables = { kernel: glorot(shape.inputs, units, random), recurrent: glorot(units, units, random), bias: filled([units]) };
    return {
      width: units,
      readsSequence: true,
      variables,
      apply({ sequence, rows }) {
        const steps = projectSteps(sequence, rows, shape, variables.kernel, variables.bias);
        return steps.reduce<tf.Tensor2D>(
          (state, step) => tf.tanh(tf.add(step, tf.matMul(state, variables.recurrent as tf.Tensor2D)) as tf.Tensor2D),
          tf.zeros([rows, units]),
        );
      },
    };
  };
}

/** A GRU over the sequence alone. */
export function gruBody(units: number): BodyBuilder {
  return (shape, random) => {
    const variables = {
      kernel: glorot(shape.inputs, 3 * units, random),
      gates: glorot(units, 2 * units, random),
      candidate: glorot(units, units, random),
      bias: filled([3 * units]),
    };
    return {
      width: units,
      readsSequence: true,
      variables,
      apply: ({ sequence, rows }) => fusedGru(sequence, rows, shape.steps, variables),
    };
  };
}

/** Returns x·W + b of every step, [steps][rows, columns], by one product. */
function projectSteps(
  sequence: Float32Array,
  rows: number,
  { steps, inputs }: NetShape,
  kernel: tf.Variable,
  bias: tf.Variable,
): tf.Tensor2D[] {
  const columns = kernel.shape[1] as number;
  const timeMajor = new Float32Array(sequence.length);
  for (let row = 0; row < rows; row++)
    for (let step = 0; step < steps; step++) {
      const from = (row * steps + step) * inputs;
      timeMajor.set(sequence.subarray(from, from + inputs), (step * rows + row) * inputs);
    }
  const x = tf.tensor2d(timeMajor, [steps * rows, inputs]);
  const projected = tf.add(tf.matMul(x, kernel as tf.Tensor2D), bias) as tf.Tensor2D;
  return tf.split(projected, Array<number>(steps).fill(rows), 0).map((step) => tf.reshape(step, [rows, columns]) as tf.Tensor2D);
}

function named(layers: Readonly<Record<string, DenseLayer>>): Record<string, tf.Variable> {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([name, { variables }]) => [
      [`${name}Kernel`, variables[0]],
      [`${name}Bias`, variables[1]],
    ]),
  );
}
