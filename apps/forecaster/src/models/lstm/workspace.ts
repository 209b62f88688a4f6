import { AppError } from '@candlecast/domain';
import { KERNEL_WASM } from './kernel-wasm.ts';

/** Weights of one LSTM in Keras layout: gate order i, f, c, o; kernel [inputs, 4·units], recurrent [units, 4·units], bias [4·units]. */
export interface LstmWeights {
  readonly kernel: Float32Array;
  readonly recurrent: Float32Array;
  readonly bias: Float32Array;
}

/** What one workspace is built for. `batch` is the largest number of windows that it takes at once. */
export interface LstmShape {
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

/** Runs the compiled LSTM kernel in its own memory, one batch at a time. */
export interface LstmWorkspace {
  /** Takes windows [rows, steps, inputs]; returns the last step's outputs [rows, units]. */
  forward(x: Float32Array, rows: number, weights: LstmWeights): Float32Array;
  /** Returns the gradients of the weights for the gradient of the outputs. Throws unless it directly follows the `forward` it belongs to. */
  backward(outputGradient: Float32Array): LstmWeights;
}

interface Kernel {
  readonly forward: (...args: number[]) => void;
  readonly backward: (...args: number[]) => void;
}

const PAGE_BYTES = 65_536;
const FLOAT_BYTES = 4;
const GATES = 4;

/** Builds a workspace. Its memory is fixed by the shape: about `16 · batch · steps · (inputs + 7 · units)` bytes. */
export function createLstmWorkspace(shape: LstmShape): LstmWorkspace {
  const { steps, inputs, units } = shape;
  const batch = padTo(shape.batch, 4);
  const wide = { inputs: padTo(inputs, 8), units: padTo(units, 8) };
  const gates = GATES * wide.units;
  const places = layOut({
    x: steps * batch * wide.inputs,
    w: wide.inputs * gates,
    u: wide.units * gates,
    bias: gates,
    ut: gates * wide.units,
    gates: steps * batch * gates,
    c: steps * batch * wide.units,
    tc: steps * batch * wide.units,
    h: steps * batch * wide.units,
    dh: batch * wide.units,
    dc: batch * wide.units,
    dw: wide.inputs * gates,
    du: wide.units * gates,
    dbias: gates,
  });
  const memory = new WebAssembly.Memory({ initial: Math.ceil((places.end * FLOAT_BYTES) / PAGE_BYTES) + 1 });
  const module = instantiate(memory);
  const floats = new Float32Array(memory.buffer);
  const at = (name: Exclude<keyof typeof places, 'end'>) => places[name] * FLOAT_BYTES;
  const sizes = [steps, batch, wide.inputs, wide.units];
  let rowsInFlight: number | undefined;

  /** Returns where the runs of `units` weights, one for each row and gate, lie packed and padded. */
  function runs(rows: number): { packed: number; padded: number }[] {
    return Array.from({ length: rows * GATES }, (_, run) => ({ packed: run * units, padded: run * wide.units }));
  }

  function writeWeights(place: number, rows: number, weights: Float32Array): void {
    for (const { packed, padded } of runs(rows)) floats.set(weights.subarray(packed, packed + units), place + padded);
  }

  function readWeights(place: number, rows: number): Float32Array {
    const weights = new Float32Array(rows * GATES * units);
    for (const { packed, padded } of runs(rows)) weights.set(floats.subarray(place + padded, place + padded + units), packed);
    return weights;
  }

  function setWeights({ kernel, recurrent, bias }: LstmWeights): void {
    writeWeights(places.w, inputs, kernel);
    writeWeights(places.u, units, recurrent);
    writeWeights(places.bias, 1, bias);
    for (let row = 0; row < wide.units; row++)
      for (let column = 0; column < gates; column++)
        floats[places.ut + column * wide.units + row] = floats[places.u + row * gates + column] ?? 0;
  }

  function setInput(x: Float32Array, rows: number): void {
    if (rows < batch) floats.fill(0, places.x, places.x + steps * batch * wide.inputs);
    for (let row = 0; row < rows; row++)
      for (let step = 0; step < steps; step++) {
        const from = (row * steps + step) * inputs;
        floats.set(x.subarray(from, from + inputs), places.x + (step * batch + row) * wide.inputs);
      }
  }

  return {
    forward(x, rows, weights) {
      if (rows > batch) throw new AppError('lstm_batch_too_large', `${rows} windows do not fit a workspace for ${batch}`);
      setWeights(weights);
      setInput(x, rows);
      module.forward(...sizes, at('x'), at('w'), at('u'), at('bias'), at('gates'), at('c'), at('tc'), at('h'));
      rowsInFlight = rows;
      const outputs = new Float32Array(rows * units);
      for (let row = 0; row < rows; row++) {
        const from = places.h + ((steps - 1) * batch + row) * wide.units;
        outputs.set(floats.subarray(from, from + units), row * units);
      }
      return outputs;
    },
    backward(outputGradient) {
      if (rowsInFlight === undefined) throw new AppError('lstm_gradient_stale', 'the gradient must directly follow its forward pass');
      floats.fill(0, places.dh, places.dh + batch * wide.units);
      for (let row = 0; row < rowsInFlight; row++)
        floats.set(outputGradient.subarray(row * units, (row + 1) * units), places.dh + row * wide.units);
      rowsInFlight = undefined;
      const states = [at('x'), at('ut'), at('gates'), at('c'), at('tc'), at('h')];
      module.backward(...sizes, ...states, at('dh'), at('dc'), at('dw'), at('du'), at('dbias'));
      return { kernel: readWeights(places.dw, inputs), recurrent: readWeights(places.du, units), bias: readWeights(places.dbias, 1) };
    },
  };
}

function padTo(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Gives each array its place, in floats, on 64-byte borders; `end` is the first free one. */
function layOut<K extends string>(lengths: Record<K, number>): Record<K | 'end', number> {
  let end = 0;
  const places: Record<string, number> = {};
  for (const name of Object.keys(lengths) as K[]) {
    places[name] = end;
    end = padTo(end + lengths[name], 16);
  }
  return { ...places, end } as Record<K | 'end', number>;
}

function instantiate(memory: WebAssembly.Memory): Kernel {
  const module = new WebAssembly.Module(Buffer.from(KERNEL_WASM, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}
