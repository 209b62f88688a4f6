import { toHistoryCsv } from '../../../forecasts/history-csv.ts';
import { parseHistoryFilter, withOutcome } from '../../../forecasts/history-filter.ts';
import { loadHistory } from '../../../forecasts/load-forecasts-page.ts';
import { toFailure } from '../../../graphql/failure.ts';

export const dynamic = 'force-dynamic';

/** The most rows of a file. What is older is asked for with `to`. */
const ROWS = 5_000;

/** The history as CSV: the newest 5,000 forecasts of a pair and horizon that the filter lets through, oldest first. */
export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const { filter, problems } = parseHistoryFilter((name) => searchParams.get(name) ?? undefined);
  if (problems.length > 0) return refuse(400, 'BAD_USER_INPUT', problems.join('; '));
  if (filter.symbol === undefined) return refuse(400, 'BAD_USER_INPUT', 'symbol is missing: name a pair such as BTCUSDT');
  try {
    const { history } = await loadHistory(filter.symbol, filter, ROWS);
    const name = `forecasts-${filter.symbol.replaceAll(':', '-')}-${filter.horizon}.csv`;
    return new Response(toHistoryCsv(withOutcome(history, filter.outcome)), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    const { code, message } = toFailure(error);
    return refuse(code === 'SYMBOL_NOT_FOUND' || code === 'BAD_USER_INPUT' ? 400 : 502, code, message);
  }
}

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ errors: [{ message, extensions: { code } }] }, { status });
}
