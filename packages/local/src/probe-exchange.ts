const PROBE_TIMEOUT_MS = 10_000;

/** Tells whether the exchange's REST side at `restUrl` answers a ping within `timeoutMs`. */
export async function probeExchange(restUrl: string, timeoutMs: number = PROBE_TIMEOUT_MS): Promise<boolean> {
  const url = `${restUrl.replace(/\/+$/, '')}/api/v3/ping`;
  // A refusal (451 where the exchange does not serve the country) is as good as silence: there are no data to be had.
  return fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).then(
    (response) => response.ok,
    () => false,
  );
}
