/** What an ingest process says of itself at a moment. */
export interface ProcessMetrics {
  readonly frames: number;
  readonly cpuS: number;
  readonly memoryMb: number;
  readonly loopLagMs: number;
  readonly lateCloses: number;
  readonly usedWeight: number;
  /** Upper bound of the bucket below which the share `p` of the lags since `before` lies, in milliseconds. */
  lagBelow(before: ProcessMetrics, p: number): number;
  secondsSince(before: ProcessMetrics): number;
  readonly atMs: number;
  readonly lags: ReadonlyMap<number, number>;
}

/** Reads the metrics of the process that serves them on `port`. */
export async function readMetrics(port: number): Promise<ProcessMetrics> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const valuesOf = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, labels, value]) => ({
      labels: labels ?? '',
      value: Number.parseFloat(value ?? ''),
    }));
  const sumOf = (name: string) => valuesOf(name).reduce((sum, { value }) => sum + value, 0);
  const lags = new Map(valuesOf('ingest_lag_ms_bucket').map(({ labels, value }) => [boundOf(labels), value]));
  const atMs = performance.now();
  return {
    atMs,
    lags,
    frames: sumOf('ingest_frames_total'),
    cpuS: sumOf('process_cpu_seconds_total'),
    memoryMb: sumOf('process_resident_memory_bytes') / 1e6,
    loopLagMs: sumOf('nodejs_eventloop_lag_p99_seconds') * 1_000,
    lateCloses: sumOf('ingest_late_closes_fetched_total'),
    usedWeight: sumOf('ingest_rest_used_weight'),
    secondsSince: (before) => (atMs - before.atMs) / 1_000,
    lagBelow(before, p) {
      const counts = [...lags].map(([bound, count]) => ({ bound, count: count - (before.lags.get(bound) ?? 0) }));
      const total = Math.max(...counts.map(({ count }) => count));
      return counts.find(({ count }) => count >= total * p)?.bound ?? Number.NaN;
    },
  };
}

function boundOf(labels: string): number {
  const bound = /le="([^"]+)"/.exec(labels)?.[1] ?? '';
  return bound === '+Inf' ? Number.POSITIVE_INFINITY : Number.parseFloat(bound);
}
