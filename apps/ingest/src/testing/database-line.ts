import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a database server that a test can cut: to whoever uses it the server is away, and comes back. */
export interface DatabaseLine {
  /** The database's address over the line. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** Lays a line to the server of `url`. */
export async function layLine(url: string): Promise<DatabaseLine> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const over = new URL(url);
  over.host = `127.0.0.1:${port}`;

  async function listen(onPort: number): Promise<Server> {
    const created = createServer((incoming) => {
      const outgoing = connect(Number.parseInt(target.port, 10), target.hostname);
      for (const [socket, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => other.destroy()).on('close', () => sockets.delete(socket));
        socket.pipe(other);
      }
    });
    await new Promise<void>((resolve, reject) => {
      created.once('error', reject).listen(onPort, '127.0.0.1', resolve);
    });
    return created;
  }

  return {
    url: over.href,
    async cut() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    async restore() {
      server = await listen(port);
    },
  };
}
