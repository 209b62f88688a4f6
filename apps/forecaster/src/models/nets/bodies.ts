import * as tf from '@tensorflow/tfjs-core';
import { fusedLstm } from '../lstm/fused-lstm.ts';
import { createLstmWorkspace } from '../lstm/workspace.ts';
import type { Random } from '../random.ts';
import { fusedGru } from './fused-gru.ts';
import { fusedSimpleRnn } from './fused-simple-rnn.ts';
import { joinColumns } from './join-columns.ts';
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
      apply: (batch, dropout) => joinColumns(second.apply(first.apply(batch.context, dropout), dropout), batch.context),
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
        joinColumns(joined.apply(joinColumns(lstm.apply(sequence, rows), context), dropout), context),
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
      apply: ({ sequence, rows }) => fusedSimpleRnn(sequence, rows, shape.steps, variables),
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

function named(layers: Readonly<Record<string, DenseLayer>>): Record<string, tf.Variable> {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([name, { variables }]) => [
      [`${name}Kernel`, variables[0]],
      [`${name}Bias`, variables[1]],
    ]),
  );
}
