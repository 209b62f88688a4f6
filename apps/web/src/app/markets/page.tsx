import { systemClock, toIso } from '@candlecast/domain';
import type { Metadata } from 'next';
import { DailyTotalsDocument, MarketsDocument } from '../../graphql/documents/markets.ts';
import { DailyTotals } from '../../markets/daily-totals.tsx';
import { readDayPage } from '../../markets/day-page.ts';
import { MarketTable } from '../../markets/market-table.tsx';
import { readMarketSort } from '../../markets/sort-markets.ts';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Panel } from '../../shell/panel.tsx';

export const metadata: Metadata = {
  title: 'Markets · Candlecast',
  description: 'Every tracked pair with its last 24 hours, and what was traded day by day.',
};

/** Every pair, sortable, and the totals of a day. */
export default async function MarketsPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const page = await openPage('/markets', searchParams);
  const data = await page.ask(MarketsDocument, {});
  const newest = data?.freshness
    .flatMap(({ lastEventAt }) => lastEventAt ?? [])
    .toSorted()
    .at(-1);
  const day = readDayPage(page.read, newest, toIso(systemClock.now()));
  await page.ask(DailyTotalsDocument, day.variables);
  return (
    <PageFrame
      {...page.frame()}
      title="Markets"
      lead="Every tracked pair with its last 24 hours, from stored candles, and what was traded day by day."
    >
      <Panel title="The last 24 hours" note="Choose a column to sort by it. Prices are live.">
        <MarketTable sort={readMarketSort(page.read('sort'), page.read('order'))} />
      </Panel>
      <Panel title="Day by day" id="days" note="Exact sums of the stored candles of a UTC day.">
        <DailyTotals page={day} />
      </Panel>
    </PageFrame>
  );
}
