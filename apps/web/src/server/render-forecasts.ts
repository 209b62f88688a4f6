import { parseIso } from '@candlecast/domain';
import { GRID_STEP_MS } from '../forecasts/history-grid.ts';
import { type Ask, loadPast, type RenderedForecasts } from '../forecasts/load-past.ts';
import { ForecastCardsDocument } from '../graphql/documents/forecasts.ts';
import { WorkspaceDocument } from '../graphql/documents/workspace.ts';
import { toFailure } from '../graphql/failure.ts';
import { venueTimeOf } from '../market/venue-time-of.ts';
import { queryGateway } from './query-gateway.ts';

const ask: Ask = async (document, variables) => (await queryGateway(document, variables)).data;

/** Returns the newest forecasts of a pair with their records, and of those before them what the history grid shows; undefined where nobody answers. */
export async function renderForecasts(symbol: string): Promise<RenderedForecasts | undefined> {
  try {
    const [{ freshness }, { latestForecasts: cards }] = await Promise.all([
      ask(WorkspaceDocument, {}),
      ask(ForecastCardsDocument, { symbol, asOf: null }),
    ]);
    const { records, history } = await loadPast(ask, symbol, cards, venueTimeOf(freshness)?.venueTime);
    return { cards, records, history: history.filter(({ asOf }) => (parseIso(asOf) ?? 1) % GRID_STEP_MS === 0) };
  } catch (error) {
    // The page asks again by itself, and says then what is wrong.
    console.error(`the forecasts of ${symbol} were not rendered:`, toFailure(error));
    return undefined;
  }
}
