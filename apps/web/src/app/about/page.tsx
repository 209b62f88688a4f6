import type { Metadata } from 'next';
import { DOCS } from '../../../generated/docs.ts';
import { DocLinks, gatewayOrigin } from '../../about/doc-links.tsx';
import { DocsText } from '../../about/docs-text.tsx';
import links from '../../about/links.module.css';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Panel } from '../../shell/panel.tsx';

export const metadata: Metadata = {
  title: 'About · Candlecast',
  description: 'How candles are proved complete, how forecasts are judged, what the limits are, and what the words mean.',
};

const SECTIONS = [
  { id: 'candles', title: 'When a candle is stored, and when it changes', html: DOCS.stored },
  { id: 'certificate', title: 'The certificate', html: DOCS.certificate },
  { id: 'method', title: 'What is forecast, and when', html: DOCS.said },
  { id: 'judged', title: 'How forecasts are judged', html: DOCS.judged },
  { id: 'calibration', title: 'Calibration', html: DOCS.calibration },
  { id: 'speaks', title: 'Who speaks', html: DOCS.speaks },
  { id: 'check', title: 'How to check', html: DOCS.check },
  { id: 'limits', title: 'Limits: what is promised', html: DOCS.promises },
  { id: 'gaps', title: 'Limits: why minutes may be missing', html: DOCS.gaps },
  { id: 'drift', title: 'Limits: how a model is seen to age', html: DOCS.drift },
  { id: 'glossary', title: 'Glossary', html: DOCS.glossary },
] as const;

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
      <nav className={links.contents} aria-label="On this page">
        {SECTIONS.map(({ id, title }) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
      {SECTIONS.map(({ id, title, html }) => (
        <Panel key={id} id={id} title={title}>
          <DocsText html={html} />
        </Panel>
      ))}
      <Panel title="More">
        <DocLinks gateway={gatewayOrigin(frame.socketUrl)} />
      </Panel>
    </PageFrame>
  );
}
