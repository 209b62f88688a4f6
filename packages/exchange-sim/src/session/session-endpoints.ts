import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint, RestRequest } from '../rest/endpoint.ts';
import { ping, time } from '../rest/general-endpoints.ts';
import { RestError, refusals } from '../rest/rest-error.ts';
import { depth } from '../rest/state-endpoints.ts';
import type { RecordedSession, SessionCapture } from './load-session.ts';

const LOOK_MS = 10;
/** Like the exchange, it gives up after ten seconds. */
const PATIENCE_MS = 10_000;

/**
 * The paths of a session: each answers with what was captured, byte for byte. An answer that was captured later than now is given at its
 * moment; afterwards the newest one is given.
 */
export function toSessionEndpoints({ captures }: RecordedSession): Endpoint[] {
  const paths = [...new Set(captures.map(({ path }) => path))];
  return [
    ping,
    time,
    ...paths.map((path): Endpoint => {
      const ofPath = captures.filter((capture) => capture.path === path);
      const takesSymbol = ofPath.some(({ symbol }) => symbol !== undefined);
      return {
        path,
        parameters: takesSymbol ? ['symbol', 'limit'] : ['symbol', 'symbols', 'permissions', 'showPermissionSets', 'symbolStatus'],
        weight: path === 'depth' ? depth.weight : () => 20,
        answer: (request) => answerCapture(request, ofPath, takesSymbol ? request.query.symbol() : undefined),
      };
    }),
  ];
}

async function answerCapture({ venue }: RestRequest, captures: readonly SessionCapture[], symbol: string | undefined): Promise<string> {
  const wanted = captures.filter((capture) => capture.symbol === symbol);
  const [first] = wanted;
  if (!first) throw refusals.symbol();
  const newest = () => wanted.findLast((capture) => capture.time <= venue.time.now());
  const deadline = performance.now() + PATIENCE_MS;
  while (!newest() && performance.now() < deadline) await delay(LOOK_MS);
  const capture = newest();
  if (!capture)
    throw new RestError(408, -1007, 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.');
  return capture.body;
}
