import { useEffect, useState } from 'react';
import type { ForecastFan } from '../market/forecast-fan.ts';
import { isSeen, useServices } from '../workspace/services.ts';
import type { FanCoverage } from './fan-coverage.ts';

/** A record moves slowly: so often it is asked for again. */
const LOOK_MS = 5 * 60_000;
/** Charts come first. */
const FIRST_LOOK_MS = 1_500;

/** Returns what the bands of a fan have held so far; undefined while that is not known. */
export function useFanCoverage(symbol: string, fan: ForecastFan | undefined): FanCoverage | undefined {
  const { client } = useServices();
  const [coverage, setCoverage] = useState<FanCoverage>();
  const made = fan?.parts.map(({ horizon, modelId }) => `${horizon}@${modelId}`).join();
  useEffect(() => {
    setCoverage(undefined);
    if (!made) return;
    const parts = made.split(',').map((part) => {
      const [horizon = '', modelId = ''] = part.split('@');
      return { horizon, modelId };
    });
    let isGone = false;
    let timer = setTimeout(look, FIRST_LOOK_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };

    function look(): void {
      timer = setTimeout(look, LOOK_MS);
      if (!isSeen()) return;
      import('./load-fan-coverage.ts')
        .then(({ loadFanCoverage }) => loadFanCoverage(client, symbol, parts))
        .then((known) => {
          if (known && !isGone) setCoverage(known);
        }, console.error);
    }
  }, [client, symbol, made]);
  return coverage;
}
