import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { OneForecastView } from '../../../forecasts/one-forecast-view.tsx';
import { OneForecastDocument } from '../../../graphql/documents/forecasts.ts';
import { InstrumentDocument } from '../../../graphql/documents/markets.ts';
import { decimalsOf } from '../../../market/format-decimal.ts';
import { openPage, type SearchParams } from '../../../server/open-page.ts';
import { PageFrame } from '../../../shell/page-frame.tsx';

export const metadata: Metadata = { title: 'A forecast · Candlecast', description: 'What was said, when, and what came of it.' };

const ID = /^[\w-]{1,100}$/;

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: SearchParams;
}

/** The permalink of a forecast. */
export default async function ForecastPage({ params, searchParams }: Props) {
  const { id } = await params;
  if (!ID.test(id)) notFound();
  const page = await openPage(`/forecasts/${id}`, searchParams);
  const data = await page.ask(OneForecastDocument, { id });
  if (data && !data.forecast) notFound();
  const forecast = data?.forecast;
  const pair = forecast && (await page.ask(InstrumentDocument, { symbol: forecast.symbol }));
  return (
    <PageFrame
      {...page.frame()}
      title={forecast ? `${forecast.symbol}, ${forecast.horizon} ahead` : 'A forecast'}
      lead="A forecast as it was issued. It never changes."
    >
      {forecast && <OneForecastView forecast={forecast} decimals={decimalsOf(pair?.instrument?.tickSize ?? null)} />}
    </PageFrame>
  );
}
