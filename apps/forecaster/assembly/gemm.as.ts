/**
 * C += A · B in 4 × 8 register tiles, float32. C is m × n and B is k × n, both row-major; A is read at `a + row * aRow + col * aCol`,
 * so that swapping the two strides reads its transpose. Strides are bytes; m must be a multiple of 4 and n of 8.
 */
export function gemm(a: usize, aRow: usize, aCol: usize, b: usize, bRow: usize, c: usize, cRow: usize, m: i32, n: i32, k: i32): void {
  for (let column: i32 = 0; column < n; column += 8) {
    const offset = <usize>column << 2;
    for (let row: i32 = 0; row < m; row += 4) {
      const c0 = c + <usize>row * cRow + offset;
      const c1 = c0 + cRow;
      const c2 = c1 + cRow;
      const c3 = c2 + cRow;
      let s00 = v128.load(c0);
      let s01 = v128.load(c0, 16);
      let s10 = v128.load(c1);
      let s11 = v128.load(c1, 16);
      let s20 = v128.load(c2);
      let s21 = v128.load(c2, 16);
      let s30 = v128.load(c3);
      let s31 = v128.load(c3, 16);
      let a0 = a + <usize>row * aRow;
      let a1 = a0 + aRow;
      let a2 = a1 + aRow;
      let a3 = a2 + aRow;
      let bAt = b + offset;
      for (let step: i32 = 0; step < k; step++) {
        const b0 = v128.load(bAt);
        const b1 = v128.load(bAt, 16);
        let x = v128.load32_splat(a0);
        s00 = f32x4.add(s00, f32x4.mul(x, b0));
        s01 = f32x4.add(s01, f32x4.mul(x, b1));
        x = v128.load32_splat(a1);
        s10 = f32x4.add(s10, f32x4.mul(x, b0));
        s11 = f32x4.add(s11, f32x4.mul(x, b1));
        x = v128.load32_splat(a2);
        s20 = f32x4.add(s20, f32x4.mul(x, b0));
        s21 = f32x4.add(s21, f32x4.mul(x, b1));
        x = v128.load32_splat(a3);
        s30 = f32x4.add(s30, f32x4.mul(x, b0));
        s31 = f32x4.add(s31, f32x4.mul(x, b1));
        a0 += aCol;
        a1 += aCol;
        a2 += aCol;
        a3 += aCol;
        bAt += bRow;
      }
      v128.store(c0, s00);
      v128.store(c0, s01, 16);
      v128.store(c1, s10);
      v128.store(c1, s11, 16);
      v128.store(c2, s20);
      v128.store(c2, s21, 16);
      v128.store(c3, s30);
      v128.store(c3, s31, 16);
    }
  }
}
