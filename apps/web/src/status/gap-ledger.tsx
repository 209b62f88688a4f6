'use client';

import { MINUTE_MS } from '@candlecast/domain';
import { useQuery } from 'urql';
import { GapLedgerDocument, type GapLine } from '../graphql/documents/status.ts';
import { toInstant } from '../market/chart-candle.ts';
import { formatMoment } from '../markets/format-figures.ts';
import form from '../shell/form.module.css';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { useWorkspace } from '../workspace/services.ts';
import { useMarketRows } from '../workspace/use-market-data.ts';
import { GAPS } from './asked.ts';

/** Why minutes are missing, in words. */
const REASONS: Record<GapLine['reason'], string> = {
  PENDING: 'not yet known: being asked for',
  BEFORE_LISTING: 'before the pair was listed',
  CONFIRMED_EMPTY: 'no trades: the exchange has no candle',
  DELISTED: 'the pair was delisted',
  EXCHANGE_OUTAGE: 'the exchange was down',
  FETCH_FAILED: 'could not be fetched',
  SOURCE_INCOMPLETE: 'the source has no such data',
};

/** The newest lines of one pair's gap ledger. The choice of the pair is a form: it works without JavaScript. */
export function GapLedger({ id, symbol }: { readonly id: string; readonly symbol: string }) {
  const theme = useWorkspace((state) => state.theme);
  const pairs = useMarketRows().map(({ instrument }) => instrument.symbol);
  const [{ data, error }, ask] = useQuery({ query: GapLedgerDocument, variables: { symbol: id, ...GAPS } });
  const lines = data?.gaps.edges.map(({ node }) => node).toReversed();
  return (
    <>
      <form className={form.form} action="/status#gaps" method="get">
        <label>
          Pair
          <select name="symbol" defaultValue={symbol} data-testid="gap-pair">
            {pairs.toSorted().map((pair) => (
              <option key={pair}>{pair}</option>
            ))}
          </select>
        </label>
        {theme === 'light' && <input type="hidden" name="theme" value="light" />}
        <button type="submit" className={form.main}>
          Show
        </button>
      </form>
      {!lines && <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />}
      {lines?.length === 0 && <p>Nothing was ever missing of {symbol}.</p>}
      {lines && lines.length > 0 && (
        <TableBox label={`Gaps of ${symbol}`}>
          <table data-testid="gaps">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Minutes</th>
                <th scope="col" data-kind="text">
                  Why
                </th>
                <th scope="col" data-kind="text">
                  Filled
                </th>
                <th scope="col">First seen</th>
                <th scope="col">Asked for</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={`${line.from} ${line.firstSeenAt}`}>
                  <th scope="row">{formatMoment(line.from)}</th>
                  <td>{formatMoment(line.to)}</td>
                  <td>{(toInstant(line.to) - toInstant(line.from)) / MINUTE_MS}</td>
                  <td data-kind="text">
                    {REASONS[line.reason]}
                    <small>{line.reason}</small>
                  </td>
                  <td data-kind="text">
                    {line.resolvedAt ? `${line.resolution?.toLowerCase() ?? 'filled'}, ${formatMoment(line.resolvedAt)}` : 'no'}
                  </td>
                  <td>{formatMoment(line.firstSeenAt)}</td>
                  <td>{line.attempts === null ? '–' : `${line.attempts} times`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </>
  );
}
