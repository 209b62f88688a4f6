import type { CandleChart, VisibleSpan } from '../charts/candle-chart.ts';
import type { PaneFeed } from './pane-feed.ts';

/** The most pages of history that are fetched to reach a moment. */
const MOST_PAGES = 60;

/** Shows a span of the past: fetches history until it is reached, as far as there is any, and moves the chart there. */
export async function seekSpan(chart: CandleChart, feed: PaneFeed, span: VisibleSpan, isGone: () => boolean): Promise<void> {
  for (let page = 0; page < MOST_PAGES && !isGone() && feed.hasOlder(); page += 1) {
    const oldest = feed.candles()[0]?.openTime;
    if (oldest === undefined || oldest <= span.from) break;
    await feed.loadOlder();
    if (feed.candles()[0]?.openTime === oldest) break;
  }
  if (!isGone()) chart.showSpan(span);
}
