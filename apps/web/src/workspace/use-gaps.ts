import { type EpochMs, type GapReason, intervalMs, toIso } from '@candlecast/domain';
import type { Client } from '@urql/core';
import { useEffect } from 'react';
import type { CandleChart } from '../charts/candle-chart.ts';
import type { ChartGap } from '../charts/chart-line.ts';
import { type GapLine, GapsDocument } from '../graphql/documents/missing.ts';
import { toInstant } from '../market/chart-candle.ts';
import { findHoles, type Hole } from '../market/find-holes.ts';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';
import { useServices } from './services.ts';

const MOST_GAPS = 50;

const REASONS: Readonly<Record<GapReason, string>> = {
  PENDING: 'being repaired',
  BEFORE_LISTING: 'before listing',
  CONFIRMED_EMPTY: 'no trades, confirmed',
  DELISTED: 'delisted',
  EXCHANGE_OUTAGE: 'exchange outage',
  FETCH_FAILED: 'could not be fetched',
  SOURCE_INCOMPLETE: 'missing in the source',
};

/** Draws where candles are missing, with the reason that the gap ledger gives. */
export function useGaps(chart: CandleChart | undefined, feed: PaneFeed, instrumentId: string, view: PaneViewStore): void {
  const { client } = useServices();
  useEffect(() => {
    if (!chart) return;
    let isGone = false;
    let drawn = '';
    const look = async () => {
      const holes = findHoles(feed.candles(), intervalMs(feed.interval), MOST_GAPS);
      const key = holes.map(({ before, after }) => `${before}-${after}`).join();
      if (key === drawn) return;
      drawn = key;
      show(holes.map((hole) => toGap(hole, feed, [])));
      const lines = holes.length === 0 ? [] : await findLines(client, instrumentId, feed, holes);
      if (!isGone && drawn === key) show(holes.map((hole) => toGap(hole, feed, lines)));
    };
    const show = (gaps: readonly ChartGap[]) => {
      chart.setGaps(gaps);
      view.setState({ gaps });
    };
    let count = 0;
    const stop = feed.listen({
      onReset: () => void look(),
      onMerge({ candles }) {
        if (candles.length !== count) void look();
        count = candles.length;
      },
    });
    return () => {
      isGone = true;
      stop();
    };
  }, [chart, client, feed, instrumentId, view]);
}

/** The reasons of holes; none when nobody answers: the holes are shown all the same. */
async function findLines(client: Client, symbol: string, { interval }: PaneFeed, holes: readonly Hole[]): Promise<readonly GapLine[]> {
  const from = toIso(holes[0]?.before ?? (0 as EpochMs));
  const to = toIso(holes.at(-1)?.after ?? (0 as EpochMs));
  const { data } = await client.query(GapsDocument, { symbol, interval, from, to }, { requestPolicy: 'network-only' }).toPromise();
  return data?.gaps.edges.map(({ node }) => node) ?? [];
}

function toGap({ before, after }: Hole, { interval }: PaneFeed, lines: readonly GapLine[]): ChartGap {
  const missing = Math.round((after - before) / intervalMs(interval)) - 1;
  const line = lines.find(({ from, to }) => toInstant(from) < after && toInstant(to) > before);
  const reason = line ? REASONS[line.reason] : 'reason not known';
  return { before, after, label: `${missing} ${missing === 1 ? 'candle' : 'candles'} missing: ${reason}` };
}
