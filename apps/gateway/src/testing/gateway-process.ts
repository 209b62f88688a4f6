import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A gateway as a process of its own, which can be killed. */
export interface GatewayProcess {
  readonly process: ChildProcess;
  /** Resolves when it has said so in its log; rejects when it ends before. */
  says(text: string): Promise<void>;
}

/** Starts a gateway over a database; `path` is where programs are looked for. Whoever starts it kills it. */
export function startGatewayProcess(databaseUrl: string, path: string | undefined): GatewayProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: {
      PATH: path,
      DATABASE_URL: databaseUrl,
      CANDLECAST_GATEWAY_PORT: '0',
      CANDLECAST_WEBHOOK_LOOPBACK: 'true',
      CANDLECAST_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const waiting = new Set<() => void>();
  let hasEnded = false;
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    for (const look of waiting) look();
  });
  child.once('exit', () => {
    hasEnded = true;
    for (const look of waiting) look();
  });
  return {
    process: child,
    says(text) {
      const done = new Promise<void>((resolve, reject) => {
        const look = () => {
          if (said.includes(text)) resolve();
          else if (hasEnded) reject(new Error(`the gateway has ended: ${said.slice(-2_000)}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      });
      done.catch(() => undefined); // one that is killed before it says so is no failure
      return done;
    },
  };
}
