import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSystem, readLocalSettings, startLocal } from '@candlecast/local';
import { eventually } from '@candlecast/testkit';
import { request } from '../graphql.ts';
import type { Ids } from './pages.ts';

/** The whole product over a simulated market, with something to show on every page. */
export interface ShowSystem {
  readonly webUrl: string;
  readonly ids: Ids;
  stop(): Promise<void>;
}

/** How many times as fast as real time the market runs: first so that days of forecasts come true, then so that it can be looked at. */
const SPEEDS = { days: 600, looks: 60 } as const;
/** Days that run by first: lines over time need several. */
const DAYS = 3;
/** Forecasts of half an hour that have come to their targets: enough for something to be said of them. */
const RESOLVED = 60;
const PATIENT_MS = 1_500_000;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'ADAUSDT', 'DOGEUSDT'];
/** How far back the replay begins. */
const BACK_MS = 3 * 3_600_000;
const DAY_MS = 86_400_000;

interface Known {
  readonly latestForecasts: readonly { readonly id: string; readonly model: { readonly id: string; readonly kind: string } }[];
  readonly forecasts: {
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly issuedAt: string; readonly resolution: { readonly actual: string | null } | null };
    }[];
  };
  readonly freshness: readonly { readonly watermark: string }[];
}

/** The first forecast, and how far the market has come. */
const FIRST = `{
  forecasts(symbol: "BTCUSDT", horizon: "30m", first: 1) { edges { node { id issuedAt resolution { actual } } } }
  freshness(symbols: ["BTCUSDT"]) { watermark }
}`;

const KNOWN = `{
  latestForecasts(symbols: ["BTCUSDT"], horizons: ["30m"]) { id model { id kind } }
  forecasts(symbol: "BTCUSDT", horizon: "30m", last: 500) { edges { node { id issuedAt resolution { actual } } } }
  freshness(symbols: ["BTCUSDT"]) { watermark }
}`;

/** Starts everything from an empty data folder, lets days run by, and waits until a trained model has forecasts that came true. */
export async function startShow(): Promise<ShowSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-show-'));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  try {
    const fast = await start(folder, SPEEDS.days);
    try {
      await eventually(() => readDays(fast.urls.graphql), { timeoutMs: PATIENT_MS, intervalMs: 2_000 });
    } finally {
      await fast.stop();
    }
    const local = await start(folder, SPEEDS.looks);
    const stop = async () => {
      await local.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      const known = await eventually(() => readKnown(local.urls.graphql), { timeoutMs: PATIENT_MS, intervalMs: 2_000 });
      return { webUrl: local.urls.web, ids: known, stop };
    } catch (cause) {
      await local.stop();
      throw cause;
    }
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
}

async function start(folder: string, speed: number): Promise<LocalSystem> {
  const settings = readLocalSettings({
    CANDLECAST_DATA_DIR: join(folder, 'data'),
    CANDLECAST_SOURCE: 'simulated',
    CANDLECAST_CLOCK_SPEED: `${speed}`,
    CANDLECAST_INSTRUMENTS: SYMBOLS.join(','),
    CANDLECAST_HISTORY_DAYS: '10',
    // The market's time runs faster than the machine: the deadline, a second of the machine's, is in its time too.
    CANDLECAST_FORECAST_DEADLINE_MS: `${speed * 1_000}`,
    ...Object.fromEntries(['WEB', 'GATEWAY', 'INGEST', 'FORECASTER', 'SIM', 'POSTGRES'].map((name) => [`CANDLECAST_${name}_PORT`, '0'])),
  });
  if (!settings.ok) throw settings.error;
  return startLocal(settings.value, { onEvent: (event) => event.type !== 'history' && console.log(JSON.stringify(event)) });
}

/** Throws until the oldest forecast is old enough. */
async function readDays(url: string): Promise<void> {
  const { forecasts, freshness } = await request<Pick<Known, 'forecasts' | 'freshness'>>(url, FIRST);
  const [oldest] = forecasts.edges;
  const watermark = freshness[0]?.watermark;
  if (!oldest || !watermark) throw new Error('no forecasts yet');
  const days = (Date.parse(watermark) - Date.parse(oldest.node.issuedAt)) / DAY_MS;
  if (days < DAYS) throw new Error(`${days} days of forecasts`);
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
