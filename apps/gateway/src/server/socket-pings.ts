import type { WebSocket } from 'ws';

const PING_MS = 12_000;
const SHARES = 12;

/** Pings sockets, a share of them every second, so that many cost no burst. */
export interface SocketPings {
  /** Pings `socket` every 12 s until it closes, and ends it when it has not answered by the next. */
  watch(socket: WebSocket): void;
}

/** Returns pings without sockets; runs only while there are some. */
export function createSocketPings(): SocketPings {
  const shares = Array.from({ length: SHARES }, () => new Set<WebSocket>());
  const waiting = new Set<WebSocket>();
  let count = 0;
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    turn = (turn + 1) % SHARES;
    for (const socket of shares[turn] ?? []) {
      if (waiting.has(socket)) {
        socket.terminate();
        continue;
      }
      waiting.add(socket);
      socket.ping();
    }
  }

  return {
    watch(socket) {
      // Its first ping comes after a whole round.
      const share = shares[turn];
      share?.add(socket);
      socket.on('pong', () => waiting.delete(socket));
      socket.once('close', () => {
        share?.delete(socket);
        waiting.delete(socket);
        count -= 1;
        if (count > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
      count += 1;
      timer ??= setInterval(tick, PING_MS / SHARES);
    },
  };
}
