import type { CandlecastClient } from '@candlecast/client';
import type { SubscriptionForwarder } from '@urql/core';
import { type ConnectionStore, countRecovered, setPaused, setSocketState } from './connection-store.ts';
import { createHiddenPause } from './hidden-pause.ts';

/** The operation whose resumed events are candles of a chart. */
const CANDLES = 'Candles';
/** The operation that a hidden page is there for: what it brings is told outside of the page. */
const ALERTS = 'AlertFired';

/**
 * Returns urql's way to the page's one resuming socket, and reports the socket's state. The socket's code is loaded with the
 * first subscription, after the page is readable. While the page is hidden the streams stand still, alerts aside, unless they are not
 * `isPausable`: those with a clock of their own cannot go on where they were.
 */
export function forwardToSocket(
  socketUrl: string,
  connection: ConnectionStore,
  { isPausable = true }: { readonly isPausable?: boolean } = {},
): SubscriptionForwarder {
  const hiddenPause = createHiddenPause({ onChange: (isPaused) => setPaused(connection, isPaused) });
  let opening: Promise<CandlecastClient> | undefined;
  return ({ query = '', variables, operationName }) => ({
    subscribe(sink) {
      let stop: (() => void) | undefined;
      let isStopped = false;
      opening ??= openClient(socketUrl, connection);
      opening.then((client) => {
        if (isStopped) return;
        const source = client.subscriptionSource({ query, operationName, variables });
        const running = source.subscribe({
          next(result) {
            const recovered = result.extensions?.recovered as { readonly events: number } | undefined;
            if (recovered && operationName === CANDLES) countRecovered(connection, recovered.events);
            sink.next(result as Parameters<typeof sink.next>[0]);
          },
          error: sink.error,
          complete: sink.complete,
        });
        const leave = isPausable && operationName !== ALERTS ? hiddenPause.add(running) : undefined;
        stop = () => {
          leave?.();
          running.unsubscribe();
        };
      }, sink.error);
      return {
        unsubscribe() {
          isStopped = true;
          stop?.();
        },
      };
    },
  });
}

async function openClient(socketUrl: string, connection: ConnectionStore): Promise<CandlecastClient> {
  const { createClient } = await import('@candlecast/client');
  const client = createClient({ url: '/graphql', wsUrl: socketUrl, socketParams: fetchSocketParams });
  client.onStatus((state) => setSocketState(connection, state));
  return client;
}

/** Whose socket it is: the server that knows the visitor says so, in a token for five minutes. The gateway closes the socket at its end. */
async function fetchSocketParams(): Promise<Record<string, string>> {
  const answer = await fetch('/socket-params', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  if (!answer.ok) throw new Error(`the server gave no token for the socket: ${answer.status}`);
  return (await answer.json()) as Record<string, string>;
}
