import { KERNEL_WASM } from '../lstm/kernel-wasm.ts';

/** Multiplies matrices of float32 in WebAssembly, in memory of its own that grows as needed. */
export interface Gemm {
  /** Returns a·b, [m, n], for a [m, k] and b [k, n], all row-major; `a` is [k, m] where `isTransposed`. */
  product(a: Float32Array, b: Float32Array, m: number, n: number, k: number, isTransposed?: boolean): Float32Array;
}

const PAGE_BYTES = 65_536;
const FLOAT_BYTES = 4;
/** The kernel works on tiles of 4 × 8. */
const [TILE_ROWS, TILE_COLUMNS] = [4, 8];

type Kernel = (
  a: number,
  aRow: number,
  aColumn: number,
  b: number,
  bRow: number,
  c: number,
  cRow: number,
  m: number,
  n: number,
  k: number,
) => void;

/** Returns a multiplier. It computes one product at a time. */
export function createGemm(): Gemm {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Buffer.from(KERNEL_WASM, 'base64'));
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports.gemm as unknown as Kernel;

  /** Returns the memory as floats, at least `length` of them, all zero. */
  function clear(length: number): Float32Array {
    const missing = length * FLOAT_BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const floats = new Float32Array(memory.buffer);
    floats.fill(0, 0, length);
    return floats;
  }

  return {
    product(a, b, m, n, k, isTransposed = false) {
      const [rows, columns] = [padTo(m, TILE_ROWS), padTo(n, TILE_COLUMNS)];
      const bAt = padTo(rows * k, TILE_COLUMNS);
      const cAt = bAt + k * columns;
      const floats = clear(cAt + rows * columns);
      if (isTransposed) copyRows(a, m, floats, 0, rows, k);
      else floats.set(a);
      copyRows(b, n, floats, bAt, columns, k);
      const [aRow, aColumn] = isTransposed ? [1, rows] : [k, 1];
      const bytes = (count: number) => count * FLOAT_BYTES;
      kernel(0, bytes(aRow), bytes(aColumn), bytes(bAt), bytes(columns), bytes(cAt), bytes(columns), rows, columns, k);
      const c = new Float32Array(m * n);
      for (let row = 0; row < m; row++) c.set(floats.subarray(cAt + row * columns, cAt + row * columns + n), row * n);
      return c;
    },
  };
}

function copyRows(from: Float32Array, width: number, into: Float32Array, at: number, stride: number, rows: number): void {
  for (let row = 0; row < rows; row++) into.set(from.subarray(row * width, (row + 1) * width), at + row * stride);
}

function padTo(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
