import type { Interval } from '@candlecast/domain';
import { useEffect } from 'react';
import type { CandleChart } from '../charts/candle-chart.ts';
import { isSeen, useServices } from '../workspace/services.ts';

/** The path is made of forecasts that come every minute. */
const LOOK_MS = 60_000;

/** Draws earlier forecasts and the path of the next day on the active chart; their code is loaded after the chart. */
export function useOutlook(chart: CandleChart | undefined, symbol: string, interval: Interval, isActive: boolean): void {
  const { client } = useServices();
  useEffect(() => {
    if (!chart || !isActive) return;
    let isGone = false;
    const look = async () => {
      const { loadOutlook } = await import('./load-outlook.ts');
      const outlook = await loadOutlook(client, symbol, interval);
      if (!isGone) chart.setOutlook(outlook);
    };
    look().catch(console.error);
    const looking = setInterval(() => isSeen() && look().catch(console.error), LOOK_MS);
    return () => {
      isGone = true;
      clearInterval(looking);
    };
  }, [chart, client, symbol, interval, isActive]);
  useEffect(() => {
    if (chart && !isActive) chart.setOutlook(undefined);
  }, [chart, isActive]);
}
