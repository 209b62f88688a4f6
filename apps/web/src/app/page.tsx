import { headers } from 'next/headers';
import { readWebSettings } from '../server/config.ts';
import { socketUrl } from '../server/gateway-address.ts';
import { renderSnapshot } from '../server/render-snapshot.ts';
import { GatewayDown } from '../shell/gateway-down.tsx';
import { parseWorkspaceUrl } from '../workspace/parse-workspace-url.ts';
import { WorkspaceApp } from '../workspace/workspace-app.tsx';

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The workspace, rendered with real candles for every visit. */
export default async function Page({ searchParams }: Props) {
  const query = await searchParams;
  const wish = parseWorkspaceUrl((name) => [query[name]].flat()[0]);
  const snapshot = await renderSnapshot(wish);
  if (!snapshot.ok) return <GatewayDown href={`?${new URLSearchParams(toPairs(query))}`} theme={wish.theme} failure={snapshot.failure} />;
  return (
    <WorkspaceApp
      workspace={snapshot.workspace}
      rendered={snapshot.rendered}
      staleSeconds={snapshot.staleSeconds}
      socketUrl={socketUrl(readWebSettings(), await headers())}
      isDebug={query.debug === '1'}
    />
  );
}

function toPairs(query: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(query).flatMap(([name, values]) => [values ?? []].flat().map((value): [string, string] => [name, value]));
}
