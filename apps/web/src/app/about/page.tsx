import type { Metadata } from 'next';
import { DOCS } from '../../../generated/docs.ts';
import { DocLinks, gatewayOrigin } from '../../about/doc-links.tsx';
import { DocsText } from '../../about/docs-text.tsx';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Panel } from '../../shell/panel.tsx';

export const metadata: Metadata = {
  title: 'About · Candlecast',
  description: 'How candles are proved complete, how forecasts are judged, what the limits are, and what the words mean.',
};

/** Method, limits and words, as the docs have them. */
export default async function AboutPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const page = await openPage('/about', searchParams);
  const frame = page.frame();
  return (
    <PageFrame
      {...frame}
      title="About"
      lead="Candles that can be proved complete, forecasts that are held to account: how it is done, where it ends, and what the words mean."
    >
      <Panel title="When a candle is stored, and when it changes" id="candles">
        <DocsText html={DOCS.stored} />
      </Panel>
      <Panel title="The certificate" id="certificate">
        <DocsText html={DOCS.certificate} />
      </Panel>
      <Panel title="What is forecast, and when" id="method">
        <DocsText html={DOCS.said} />
      </Panel>
      <Panel title="How forecasts are judged" id="judged">
        <DocsText html={DOCS.judged} />
      </Panel>
      <Panel title="Calibration" id="calibration">
        <DocsText html={DOCS.calibration} />
      </Panel>
      <Panel title="Who speaks" id="speaks">
        <DocsText html={DOCS.speaks} />
      </Panel>
      <Panel title="How to check" id="check">
        <DocsText html={DOCS.check} />
      </Panel>
      <Panel title="Limits" id="limits" note="Forecasts, prices and signals are data, not financial advice. Past results promise nothing.">
        <DocsText html={DOCS.promises} />
        <h3>Why minutes may be missing</h3>
        <DocsText html={DOCS.gaps} />
        <h3>What is not here yet</h3>
        <DocsText html={DOCS.missing} />
      </Panel>
      <Panel title="Glossary" id="glossary">
        <DocsText html={DOCS.glossary} />
      </Panel>
      <Panel title="More">
        <DocLinks gateway={gatewayOrigin(frame.socketUrl)} />
      </Panel>
    </PageFrame>
  );
}
