/** Four sigmoids at once. */
// @ts-ignore: a decorator of AssemblyScript that TypeScript does not know
@inline export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1.0);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** Four hyperbolic tangents at once; near zero a Taylor polynomial keeps the relative accuracy that (1 - e) / (1 + e) loses. */
// @ts-ignore: a decorator of AssemblyScript that TypeScript does not know
@inline export function tanh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const size = v128.xor(x, sign);
  const one = f32x4.splat(1.0);
  const e = exp(f32x4.mul(size, f32x4.splat(-2.0)));
  const large = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const square = f32x4.mul(size, size);
  const cubic = f32x4.add(f32x4.splat(-0.33333333), f32x4.mul(square, f32x4.splat(0.13333333)));
  const small = f32x4.mul(size, f32x4.add(one, f32x4.mul(square, cubic)));
  return v128.or(v128.bitselect(small, large, f32x4.lt(size, f32x4.splat(0.1))), sign);
}

// exp(x) = 2^n · exp(r) with n = round(x / ln 2) and |r| ≤ ln 2 / 2; ln 2 in two parts and the polynomial are Cephes' expf.
// @ts-ignore: a decorator of AssemblyScript that TypeScript does not know
@inline function exp(value: v128): v128 {
  const x = f32x4.min(f32x4.max(value, f32x4.splat(-87.0)), f32x4.splat(87.0));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1.0));
  return f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
}
