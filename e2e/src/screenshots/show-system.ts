import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalSettings, startLocal } from '@candlecast/local';
import { eventually } from '@candlecast/testkit';
import { request } from '../graphql.ts';
import type { Ids } from './pages.ts';

/** The whole product over a simulated market, with something to show on every page. */
export interface ShowSystem {
  readonly webUrl: string;
  readonly ids: Ids;
  stop(): Promise<void>;
}

/** How many times as fast as real time the market runs. */
const SPEED = 60;
/** Forecasts of half an hour that have come to their targets: enough for something to be said of them. */
const RESOLVED = 60;
const PATIENT_MS = 1_500_000;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'ADAUSDT', 'DOGEUSDT'];
/** How far back the replay begins. */
const BACK_MS = 3 * 3_600_000;

interface Known {
  readonly latestForecasts: readonly { readonly id: string; readonly model: { readonly id: string; readonly kind: string } }[];
  readonly forecasts: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly resolution: { readonly actual: string | null } | null } }[];
  };
  readonly freshness: readonly { readonly watermark: string }[];
}

const KNOWN = `{
  latestForecasts(symbols: ["BTCUSDT"], horizons: ["30m"]) { id model { id kind } }
  forecasts(symbol: "BTCUSDT", horizon: "30m", last: 500) { edges { node { id resolution { actual } } } }
  freshness(symbols: ["BTCUSDT"]) { watermark }
}`;

/** Starts everything from an empty data folder and waits until a trained model has forecasts that came true. */
export async function startShow(): Promise<ShowSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-show-'));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const settings = readLocalSettings({
    CANDLECAST_DATA_DIR: join(folder, 'data'),
    CANDLECAST_SOURCE: 'simulated',
    CANDLECAST_CLOCK_SPEED: `${SPEED}`,
    CANDLECAST_INSTRUMENTS: SYMBOLS.join(','),
    CANDLECAST_HISTORY_DAYS: '10',
    // The market's time runs faster than the machine: the deadline is in its time too.
    CANDLECAST_FORECAST_DEADLINE_MS: '60000',
    ...Object.fromEntries(['WEB', 'GATEWAY', 'INGEST', 'FORECASTER', 'SIM', 'POSTGRES'].map((name) => [`CANDLECAST_${name}_PORT`, '0'])),
  });
  if (!settings.ok) throw settings.error;
  const local = await startLocal(settings.value, { onEvent: (event) => event.type !== 'history' && console.log(JSON.stringify(event)) });
  const stop = async () => {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const known = await eventually(() => readKnown(local.urls.graphql), { timeoutMs: PATIENT_MS, intervalMs: 2_000 });
    return { webUrl: local.urls.web, ids: known, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function readKnown(url: string): Promise<Ids> {
  const { latestForecasts, forecasts, freshness } = await request<Known>(url, KNOWN);
  const [latest] = latestForecasts;
  const resolved = forecasts.edges.flatMap(({ node }) => (node.resolution?.actual ? [node.id] : []));
  const watermark = freshness[0]?.watermark;
  if (latest?.model.kind !== 'LSTM' || !watermark) throw new Error('no trained model forecasts yet');
  const [forecast] = resolved.slice(-1);
  if (resolved.length < RESOLVED || !forecast) throw new Error(`${resolved.length} forecasts have come to their targets`);
  return { forecast, model: latest.model.id, past: new Date(Date.parse(watermark) - BACK_MS).toISOString() };
}
