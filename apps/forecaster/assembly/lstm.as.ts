// LSTM forward pass and back-propagation through time, float32 SIMD. Pointers are byte offsets into the imported memory.
// Everything is time-major: x [T,B,I], states [T,B,H], gates [T,B,4H] in Keras order i,f,g,o; w [I,4H], u [H,4H], bias [4H].
// B must be a multiple of 4, I and H of 8: the caller pads with zeros, which stay without effect.
import { sigmoid, tanh } from './activations.as';
import { gemm } from './gemm.as';

export { gemm };

/** Fills `gates` (activated), cell states `c`, their tanh `tc`, and outputs `h` for every step. */
export function forward(
  steps: i32, batch: i32, inputs: i32, units: i32,
  x: usize, w: usize, u: usize, bias: usize, gates: usize, c: usize, tc: usize, h: usize,
): void {
  const xRow = <usize>inputs << 2;
  const hRow = <usize>units << 2;
  const gRow = hRow << 2;
  const hStep = <usize>batch * hRow;
  for (let t: usize = 0; t < <usize>steps; t++) {
    const z = gates + t * <usize>batch * gRow;
    for (let row: usize = 0; row < <usize>batch; row++) memory.copy(z + row * gRow, bias, gRow);
    gemm(x + t * <usize>batch * xRow, xRow, 4, w, gRow, z, gRow, batch, units << 2, inputs);
    if (t > 0) gemm(h + (t - 1) * hStep, hRow, 4, u, gRow, z, gRow, batch, units << 2, units);
    for (let row: usize = 0; row < <usize>batch; row++) {
      for (let j: usize = 0; j < hRow; j += 16) {
        const at = z + row * gRow + j;
        const state = t * hStep + row * hRow + j;
        const i = sigmoid(v128.load(at));
        const f = sigmoid(v128.load(at + hRow));
        const g = tanh(v128.load(at + 2 * hRow));
        const o = sigmoid(v128.load(at + 3 * hRow));
        let cell = f32x4.mul(i, g);
        if (t > 0) cell = f32x4.add(cell, f32x4.mul(f, v128.load(c + state - hStep)));
        const squashed = tanh(cell);
        v128.store(at, i);
        v128.store(at + hRow, f);
        v128.store(at + 2 * hRow, g);
        v128.store(at + 3 * hRow, o);
        v128.store(c + state, cell);
        v128.store(tc + state, squashed);
        v128.store(h + state, f32x4.mul(o, squashed));
      }
    }
  }
}

/**
 * Takes the gradient of the last output in `dh` [B,H] back to the start: fills dw, du and dbias. Overwrites `gates` with their
 * gradients, and `dh` and `dc` [B,H] as it goes. `ut` is u transposed, [4H,H].
 */
export function backward(
  steps: i32, batch: i32, inputs: i32, units: i32,
  x: usize, ut: usize, gates: usize, c: usize, tc: usize, h: usize, dh: usize, dc: usize, dw: usize, du: usize, dbias: usize,
): void {
  const xRow = <usize>inputs << 2;
  const hRow = <usize>units << 2;
  const gRow = hRow << 2;
  const hStep = <usize>batch * hRow;
  const one = f32x4.splat(1.0);
  memory.fill(dc, 0, hStep);
  memory.fill(dw, 0, <usize>inputs * gRow);
  memory.fill(du, 0, <usize>units * gRow);
  memory.fill(dbias, 0, gRow);
  for (let t: usize = <usize>steps; t-- > 0; ) {
    const z = gates + t * <usize>batch * gRow;
    for (let row: usize = 0; row < <usize>batch; row++) {
      for (let j: usize = 0; j < hRow; j += 16) {
        const at = z + row * gRow + j;
        const q = row * hRow + j;
        const state = t * hStep + q;
        const i = v128.load(at);
        const f = v128.load(at + hRow);
        const g = v128.load(at + 2 * hRow);
        const o = v128.load(at + 3 * hRow);
        const squashed = v128.load(tc + state);
        const d = v128.load(dh + q);
        const slope = f32x4.sub(one, f32x4.mul(squashed, squashed));
        const cell = f32x4.add(v128.load(dc + q), f32x4.mul(f32x4.mul(d, o), slope));
        const di = f32x4.mul(f32x4.mul(cell, g), f32x4.mul(i, f32x4.sub(one, i)));
        const dg = f32x4.mul(f32x4.mul(cell, i), f32x4.sub(one, f32x4.mul(g, g)));
        const dout = f32x4.mul(f32x4.mul(d, squashed), f32x4.mul(o, f32x4.sub(one, o)));
        let df = f32x4.splat(0);
        if (t > 0) df = f32x4.mul(f32x4.mul(cell, v128.load(c + state - hStep)), f32x4.mul(f, f32x4.sub(one, f)));
        v128.store(dc + q, f32x4.mul(cell, f));
        v128.store(at, di);
        v128.store(at + hRow, df);
        v128.store(at + 2 * hRow, dg);
        v128.store(at + 3 * hRow, dout);
        v128.store(dbias + j, f32x4.add(v128.load(dbias + j), di));
        v128.store(dbias + hRow + j, f32x4.add(v128.load(dbias + hRow + j), df));
        v128.store(dbias + 2 * hRow + j, f32x4.add(v128.load(dbias + 2 * hRow + j), dg));
        v128.store(dbias + 3 * hRow + j, f32x4.add(v128.load(dbias + 3 * hRow + j), dout));
      }
    }
    gemm(x + t * <usize>batch * xRow, 4, xRow, z, gRow, dw, gRow, inputs, units << 2, batch);
    if (t == 0) return;
    gemm(h + (t - 1) * hStep, 4, hRow, z, gRow, du, gRow, units, units << 2, batch);
    memory.fill(dh, 0, hStep);
    gemm(z, gRow, 4, ut, hRow, dh, hRow, batch, units, units << 2);
  }
}
