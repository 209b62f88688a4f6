import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from './feature-schema.ts';

/** Floats of a window of features. */
export const WINDOW_FLOATS = LOOKBACK_STEPS * FEATURES.length;

/** Floats of an LSTM's input as it is stored: the window, then the sigmas. */
export const WINDOW_INPUT_FLOATS = WINDOW_FLOATS + SERVED_HORIZONS.length;

/** How stored inputs are laid out; every model card says it. All float32, little-endian. */
export const INPUT_LAYOUTS = {
  sigmas: { sigma: { offset: 0, shape: [SERVED_HORIZONS.length] } },
  windowAndSigmas: {
    x: { offset: 0, shape: [LOOKBACK_STEPS, FEATURES.length] },
    sigma: { offset: WINDOW_FLOATS, shape: [SERVED_HORIZONS.length] },
  },
} as const;

/** Returns the window and the sigmas as one input. */
export function joinInput(window: Float32Array, sigmas: Float32Array): Float32Array {
  const input = new Float32Array(WINDOW_INPUT_FLOATS);
  input.set(window);
  input.set(sigmas, WINDOW_FLOATS);
  return input;
}

/** Returns the input as bytes, little-endian on every machine: what is stored and hashed. */
export function toInputBytes(input: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(input.byteLength));
  input.forEach((value, index) => {
    view.setFloat32(index * input.BYTES_PER_ELEMENT, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** Reads an input back from its bytes. */
export function fromInputBytes(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / Float32Array.BYTES_PER_ELEMENT }, (_, index) =>
    view.getFloat32(index * Float32Array.BYTES_PER_ELEMENT, true),
  );
}
