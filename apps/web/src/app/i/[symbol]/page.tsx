import { parseInterval } from '@candlecast/domain';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { InstrumentForecasts } from '../../../forecasts/instrument-forecasts.tsx';
import { InstrumentDocument, MarketsDocument } from '../../../graphql/documents/markets.ts';
import { ModelRecordDocument } from '../../../graphql/documents/models.ts';
import { InstrumentChart } from '../../../instrument-page/instrument-chart.tsx';
import { InstrumentFigures } from '../../../instrument-page/instrument-figures.tsx';
import { OtherInstruments } from '../../../instrument-page/other-instruments.tsx';
import { RECORD } from '../../../models/asked.ts';
import { RecordTable } from '../../../models/record-table.tsx';
import { openPage, type SearchParams } from '../../../server/open-page.ts';
import { renderForecasts } from '../../../server/render-forecasts.ts';
import { renderPane } from '../../../server/render-snapshot.ts';
import { PageFrame } from '../../../shell/page-frame.tsx';
import { Panel } from '../../../shell/panel.tsx';

const SYMBOL = /^[\p{L}\p{N}._-]{1,40}$/u;

interface Props {
  readonly params: Promise<{ readonly symbol: string }>;
  readonly searchParams: SearchParams;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const symbol = readSymbol((await params).symbol) ?? 'Instrument';
  return { title: `${symbol} · Candlecast`, description: `Live candles of ${symbol}, and what forecasts of it came to.` };
}

/** One instrument: chart, figures, what forecasts of it came to, and the others. */
export default async function InstrumentPage({ params, searchParams }: Props) {
  const symbol = readSymbol((await params).symbol);
  if (symbol === undefined) notFound();
  const page = await openPage(`/i/${symbol}`, searchParams);
  const interval = parseInterval(page.read('interval') ?? '') ?? '5m';
  const [data] = await Promise.all([page.ask(InstrumentDocument, { symbol }), page.ask(MarketsDocument, {})]);
  if (data && !data.instrument) notFound();
  const instrument = data?.instrument;
  const variables = { symbol: instrument?.id ?? symbol, ...RECORD };
  const pane = { symbol, interval };
  const [parts, forecasts] = await Promise.all([
    renderPane(instrument?.id, pane),
    renderForecasts(instrument?.id ?? symbol),
    page.ask(ModelRecordDocument, variables),
  ]);
  page.add(parts);
  const name = instrument ? `${instrument.baseAsset}/${instrument.quoteAsset}` : symbol;
  return (
    <PageFrame {...page.frame()} title={name} pane={pane}>
      <InstrumentFigures symbol={symbol} />
      <InstrumentChart shown={pane} />
      <Panel title="Forecasts" id="forecasts">
        <InstrumentForecasts symbol={symbol} rendered={forecasts} />
      </Panel>
      <Panel title="What forecasts of it came to" id="models">
        <RecordTable variables={variables} label={`Track record for ${name}`} />
      </Panel>
      <Panel title="Other instruments">
        <OtherInstruments symbol={symbol} />
      </Panel>
    </PageFrame>
  );
}

function readSymbol(text: string): string | undefined {
  const symbol = decodeText(text);
  return symbol !== undefined && SYMBOL.test(symbol) ? symbol.toUpperCase() : undefined;
}

function decodeText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // no text at all
  }
}
