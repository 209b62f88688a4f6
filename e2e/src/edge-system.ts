import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  addMs,
  type CandleValues,
  type CandleWriter,
  type EpochMs,
  floorToChunk,
  type InstrumentId,
  systemClock,
  toDecimal,
  toInstrumentId,
} from '@candlecast/domain';
import { mintKey } from '@candlecast/identity';
import { applyMigrations, startPostgres } from '@candlecast/postgres';
import {
  createCandleImporter,
  createCandleWriter,
  createDatabase,
  createInstrumentWriter,
  createKeyStore,
  type Database,
} from '@candlecast/store';
import { eventually, findFreePort } from '@candlecast/testkit';

const ROOT = resolve(import.meta.dirname, '../..');
const MINUTE_MS = 60_000;
/** Chunks of history before the live part. */
const CHUNKS = 6;
const LIVE_MINUTES = 500;

/** Web app, gateway and database with a market that stands still: what changes in it the test changes. */
export interface EdgeSystem {
  readonly webUrl: string;
  readonly id: InstrumentId;
  readonly writer: CandleWriter;
  readonly database: Database;
  /** An API key with the scope ADMIN. */
  readonly adminKey: string;
  /** Where the series became live, and where its newest minute ends. */
  readonly liveSince: EpochMs;
  readonly end: EpochMs;
  minuteAt(openTime: EpochMs, values?: Partial<CandleValues>): CandleValues;
  /** Lists another pair, live since the first of these minutes. */
  list(symbol: string, baseAsset: string, minutes: readonly CandleValues[]): Promise<InstrumentId>;
  /** Kills the gateway for good. */
  killGateway(): Promise<void>;
  /** Starts it again where it was. */
  startGateway(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the built apps on free ports over a fresh database; builds what is not built yet. */
export async function startEdgeSystem(): Promise<EdgeSystem> {
  execFileSync(join(ROOT, 'node_modules/.bin/turbo'), ['run', 'build', '--filter=@candlecast/gateway', '--filter=@candlecast/web'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-edge-'));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: await findFreePort(), log: () => undefined });
  const { url } = postgres;
  await applyMigrations(url, () => undefined);
  const database = await createDatabase({ url, applicationName: 'e2e', poolSize: 2 });

  const id = toInstrumentId('SIM', 'BTCUSDT');
  const liveSince = addMs(floorToChunk(systemClock.now(), '1m'), -480 * MINUTE_MS);
  const end = addMs(liveSince, LIVE_MINUTES * MINUTE_MS);
  const instruments = createInstrumentWriter(database);
  await instruments.saveClock({ venue: 'SIM', wallTime: systemClock.now(), anchorTime: end, speed: 1 });
  const rules = { tickSize: toDecimal('0.01000000'), stepSize: null };
  await instruments.upsertInstruments([{ id, venue: 'SIM', symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', ...rules }]);
  await instruments.setState(id, 'LIVE', null);
  const begin = addMs(liveSince, -CHUNKS * 480 * MINUTE_MS);
  await createCandleImporter(database).importCandles(id, minutesBetween(begin, liveSince), liveSince);
  const writer = createCandleWriter(database);
  await writer.startLive(id, liveSince);
  await writer.commitClosed([{ instrumentId: id, candles: minutesBetween(liveSince, end) }], end);

  const { key, prefix, sha256 } = mintKey();
  await createKeyStore(database).create({ prefix, sha256, name: 'web app', scopes: ['READ', 'TRACK', 'NOTIFY'], expiresAt: null });
  const admin = mintKey();
  await createKeyStore(database).create({ prefix: admin.prefix, sha256: admin.sha256, name: 'admin', scopes: ['ADMIN'], expiresAt: null });
  const keyFile = join(folder, 'web.key');
  writeFileSync(keyFile, key, { mode: 0o600 });
  const [gatewayPort, webPort] = [await findFreePort(), await findFreePort()];
  const common = { NODE_ENV: 'production', CANDLECAST_GATEWAY_PORT: `${gatewayPort}`, CANDLECAST_WEB_KEY_FILE: keyFile };
  const runGateway = () =>
    run('apps/gateway/dist/main.js', `http://127.0.0.1:${gatewayPort}/ready`, {
      ...common,
      DATABASE_URL: url,
      CANDLECAST_WEB_PORT: `${webPort}`,
      CANDLECAST_LOG_LEVEL: 'warn',
    });
  let gateway = await runGateway();
  const web = await run('apps/web/.next/standalone/apps/web/server.js', `http://127.0.0.1:${webPort}/health`, {
    ...common,
    PORT: `${webPort}`,
    HOSTNAME: '127.0.0.1',
  });
  return {
    webUrl: `http://127.0.0.1:${webPort}`,
    id,
    writer,
    database,
    adminKey: admin.key,
    liveSince,
    end,
    minuteAt,
    async list(symbol, baseAsset, minutes) {
      const other = toInstrumentId('SIM', symbol);
      await instruments.upsertInstruments([{ id: other, venue: 'SIM', symbol, baseAsset, quoteAsset: 'USDT', ...rules }]);
      await instruments.setState(other, 'LIVE', null);
      await writer.startLive(other, minutes[0]?.openTime ?? liveSince);
      await writer.commitClosed([{ instrumentId: other, candles: [...minutes] }], end);
      return other;
    },
    killGateway: () => endProcess(gateway, 'SIGKILL'),
    async startGateway() {
      gateway = await runGateway();
    },
    async stop() {
      await endProcess(web, 'SIGTERM');
      await endProcess(gateway, 'SIGTERM');
      await database.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Prices go up by one a minute and begin anew every thousand. */
function minuteAt(openTime: EpochMs, values: Partial<CandleValues> = {}): CandleValues {
  const price = 20_000 + ((openTime / MINUTE_MS) % 1_000);
  const at = (offset: number) => toDecimal(`${price + offset}.50`);
  return {
    ...{
      openTime,
      open: at(0),
      high: at(2),
      low: at(-2),
      close: at(1),
      baseVolume: toDecimal('1.5'),
      quoteVolume: toDecimal('30000'),
      tradeCount: 10,
    },
    ...{ takerBuyBaseVolume: null, takerBuyQuoteVolume: null, firstTradeId: null, lastTradeId: null },
    ...values,
  };
}

function minutesBetween(from: EpochMs, to: EpochMs): CandleValues[] {
  return Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => minuteAt(addMs(from, index * MINUTE_MS)));
}

async function run(program: string, probe: string, environment: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, program)], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`${program} has ended with ${child.exitCode}`);
      const { ok } = await fetch(probe);
      if (!ok) throw new Error(`${probe} does not answer yet`);
    },
    { timeoutMs: 60_000 },
  );
  return child;
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
