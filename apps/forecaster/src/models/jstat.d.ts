/** The few functions of jstat that are used; the package has no types. */
declare module 'jstat' {
  const jstat: {
    readonly studentt: { inv(probability: number, freedom: number): number; cdf(x: number, freedom: number): number };
    readonly normal: { inv(probability: number, mean: number, std: number): number; cdf(x: number, mean: number, std: number): number };
    gammaln(x: number): number;
  };
  export default jstat;
}
