import type { SubscriptionForwarder } from '@urql/core';
import type { ConnectionStore } from './connection-store.ts';

/** Returns urql's way to the socket. The socket's code is loaded with the first subscription, after the page is readable. */
export function forwardToSocket(socketUrl: string, connection: ConnectionStore): SubscriptionForwarder {
  let opening: Promise<typeof import('./live-socket.ts')> | undefined;
  let socket: ReturnType<typeof import('./live-socket.ts').openLiveSocket> | undefined;
  return ({ query, variables, operationName }) => ({
    subscribe(sink) {
      let stop: (() => void) | undefined;
      let isStopped = false;
      opening ??= import('./live-socket.ts');
      opening.then(({ openLiveSocket }) => {
        if (isStopped) return;
        socket ??= openLiveSocket(socketUrl, connection);
        stop = socket.subscribe({ query: query ?? '', variables, operationName }, sink);
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
