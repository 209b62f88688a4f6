import type { Metadata } from 'next';
import { ForecastsView } from '../../forecasts/forecasts-view.tsx';
import { parseHistoryFilter } from '../../forecasts/history-filter.ts';
import { loadForecastsPage } from '../../forecasts/load-forecasts-page.ts';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import css from '../../shell/problem.module.css';

export const metadata: Metadata = {
  title: 'Forecasts · Candlecast',
  description: 'Every forecast that was issued, and what came of it. Not financial advice.',
};

/** The track record: how the forecasts did, all of them. Rendered on the server, and the same without JavaScript. */
export default async function ForecastsPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const frame = await openPage('/forecasts', searchParams);
  const { filter, problems } = parseHistoryFilter(frame.read);
  const page = await loadForecastsPage(filter);
  return (
    <PageFrame {...frame.frame()} title="Forecasts" lead="Every forecast that was issued, and what came of it. Not financial advice.">
      {problems.map((problem) => (
        <p key={problem} className={css.problem} role="alert">
          BAD_USER_INPUT: {problem}
        </p>
      ))}
      {page.ok ? (
        <ForecastsView data={page.data} filter={filter} />
      ) : (
        <p className={css.problem} role="alert" data-testid="forecasts-failure">
          {page.failure.code}: {page.failure.message}. <a href="/forecasts">Try again</a>
        </p>
      )}
    </PageFrame>
  );
}
