import type { GatewayContext } from '../context.ts';
import type { ReplayViewer } from '../replay/replays.ts';

/** Returns who watches: a key, a visitor of the web app, or an address. */
export function toReplayViewer({ caller, connection }: Pick<GatewayContext, 'caller' | 'connection'>): ReplayViewer {
  return { signal: connection.signal, subject: caller.key?.id ?? caller.workspaceId ?? caller.address };
}
