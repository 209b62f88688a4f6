'use client';

import { useQuery } from 'urql';
import { DailyTotalsDocument } from '../graphql/documents/markets.ts';
import { decimalsOf, formatAmount, formatPrice } from '../market/format-decimal.ts';
import form from '../shell/form.module.css';
import { pageHref } from '../shell/navigation.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { useWorkspace } from '../workspace/services.ts';
import { useMarketRows } from '../workspace/use-market-data.ts';
import styles from './daily-totals.module.css';
import type { DayPage } from './day-page.ts';
import { formatCount } from './format-figures.ts';

/** What was traded on a UTC day, a row a pair, in pages. The form and the pages are plain links: they work without JavaScript. */
export function DailyTotals({ page }: { readonly page: DayPage }) {
  const theme = useWorkspace((state) => state.theme);
  const decimals = new Map(useMarketRows().map(({ instrument }) => [instrument.id, decimalsOf(instrument.tickSize)]));
  const [{ data, error }, ask] = useQuery({ query: DailyTotalsDocument, variables: page.variables });
  const { day } = page;
  const totals = data?.dailyTotals;
  const hrefOf = (cursor: { after?: string; before?: string }) => pageHref('/markets#days', theme, { day, ...cursor });
  return (
    <>
      <form className={form.form} action="/markets#days" method="get">
        <label>
          Day (UTC) <input type="date" name="day" defaultValue={day} required data-testid="day" />
        </label>
        {theme === 'light' && <input type="hidden" name="theme" value="light" />}
        <button type="submit" className={form.main}>
          Show
        </button>
      </form>
      {!totals && <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />}
      {totals?.edges.length === 0 && <p>No pair has a candle on {day}: nothing was listed then, or the day has not begun.</p>}
      {totals && totals.edges.length > 0 && (
        <TableBox label={`Traded on ${day}`}>
          <table data-testid="daily-totals">
            <thead>
              <tr>
                <th scope="col">Pair</th>
                <th scope="col">Date</th>
                <th scope="col">Trades</th>
                <th scope="col">Base volume</th>
                <th scope="col">Quote volume</th>
                <th scope="col">High</th>
                <th scope="col">Low</th>
                <th scope="col">Close</th>
                <th scope="col">Day</th>
              </tr>
            </thead>
            <tbody>
              {totals.edges.map(({ node }) => {
                const symbol = node.symbol.split(':').at(-1) ?? node.symbol;
                const price = (value: typeof node.high) => formatPrice(value, decimals.get(node.symbol) ?? 2);
                return (
                  <tr key={node.symbol} data-testid={`day-${symbol}`}>
                    <th scope="row">
                      <a href={pageHref(`/i/${encodeURIComponent(symbol)}`, theme)}>{symbol}</a>
                    </th>
                    <td>{day}</td>
                    <td>{formatCount(node.tradeCount)}</td>
                    <td>{formatAmount(node.baseVolume)}</td>
                    <td>{node.quoteVolume === null ? '–' : formatAmount(node.quoteVolume)}</td>
                    <td>{price(node.high)}</td>
                    <td>{price(node.low)}</td>
                    <td>{price(node.close)}</td>
                    <td>{node.isClosed ? 'whole' : 'not whole yet'}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </TableBox>
      )}
      {totals && (totals.pageInfo.hasPreviousPage || totals.pageInfo.hasNextPage) && (
        <nav className={styles.pages} aria-label="Pages of the day">
          {totals.pageInfo.hasPreviousPage && (
            <a className={form.button} href={hrefOf({ before: totals.pageInfo.startCursor ?? '' })}>
              ‹ Before
            </a>
          )}
          {totals.pageInfo.hasNextPage && (
            <a className={form.button} href={hrefOf({ after: totals.pageInfo.endCursor ?? '' })}>
              More ›
            </a>
          )}
        </nav>
      )}
    </>
  );
}
