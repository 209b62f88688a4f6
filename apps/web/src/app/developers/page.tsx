import type { Metadata } from 'next';
import { DOCS } from '../../../generated/docs.ts';
import { DocLinks, gatewayOrigin } from '../../about/doc-links.tsx';
import { DocsText } from '../../about/docs-text.tsx';
import { KeyDesk } from '../../developers/key-desk.tsx';
import { QueryBox } from '../../developers/query-box.tsx';
import { QuotaLine } from '../../developers/quota-line.tsx';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Panel } from '../../shell/panel.tsx';

export const metadata: Metadata = {
  title: 'Developers · Candlecast',
  description: 'A GraphQL API for candles and forecasts: quick start, examples that run, keys and their usage.',
};

/** Quick start, a box that asks the gateway, and keys. */
export default async function DevelopersPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const page = await openPage('/developers', searchParams);
  const frame = page.frame();
  return (
    <PageFrame {...frame} title="Developers" lead="Everything on these pages comes from one GraphQL API. Ask it yourself.">
      <Panel
        title="Ask it"
        id="ask"
        note="The examples run as they are. For a document of your own give a key: without one only listed documents are answered in production."
      >
        <QueryBox />
      </Panel>
      <Panel title="Quick start" id="quick-start">
        <DocsText html={DOCS.quickStart} />
      </Panel>
      <Panel title="Usage" id="usage">
        <QuotaLine />
      </Panel>
      <Panel title="Keys" id="keys">
        <KeyDesk />
      </Panel>
      <Panel title="More">
        <DocLinks gateway={gatewayOrigin(frame.socketUrl)} />
      </Panel>
    </PageFrame>
  );
}
