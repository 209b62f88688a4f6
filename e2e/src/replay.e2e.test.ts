import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createForecastReader } from '@candlecast/store';
import { eventually, hasTestData } from '@candlecast/testkit';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { readCandles, request } from './graphql.ts';
import { COLUMNS, type RecordedRow, readRecorded, sumUnits, toUnits } from './recorded.ts';
import { type ReplaySystem, startReplay } from './replay-system.ts';

const MINUTE_MS = 60_000;
const SYMBOL = 'REPLAY:BTCUSDT';

describe.skipIf(!hasTestData())('a replay of recorded candles, end to end (skipped without recorded data: set TEST_DATA_DIR)', () => {
  let system: ReplaySystem;

  beforeAll(async () => {
    system = await startReplay();
  });

  afterAll(async () => {
    await system?.stop();
  });

  describe('history', () => {
    const from = Date.parse('2021-06-01T00:00:00Z');
    const to = Date.parse('2021-06-08T00:00:00Z');
    let rows: RecordedRow[];

    beforeAll(async () => {
      rows = await readRecorded(system.recordings.BTCUSDT, from, to);
      expect(rows).toHaveLength((to - from) / MINUTE_MS);
    });

    it('equals the file in every column at 1m, character by character', async () => {
      const candles = await readCandles(system.graphqlUrl, SYMBOL, '1m', from, to);
      expect(candles).toHaveLength(rows.length);
      for (const [index, candle] of candles.entries()) {
        const { openTime, columns } = rows[index] as RecordedRow;
        expect(Date.parse(candle.openTime)).toBe(openTime);
        for (const [field, column] of Object.entries(COLUMNS)) expect(String(candle[field as keyof typeof COLUMNS])).toBe(columns[column]);
      }
    });

    it.each([
      ['5m', 5],
      ['1h', 60],
      ['1d', 1440],
    ])('holds exact sums and extremes at %s', async (interval, minutes) => {
      const candles = await readCandles(system.graphqlUrl, SYMBOL, interval, from, to);
      expect(candles).toHaveLength(rows.length / minutes);
      for (const [index, candle] of candles.entries()) {
        const part = rows.slice(index * minutes, (index + 1) * minutes);
        const column = (name: keyof typeof COLUMNS) => part.map(({ columns }) => columns[COLUMNS[name]] as string);
        const units = (name: keyof typeof COLUMNS) => column(name).map(toUnits);
        expect(candle.open).toBe(column('open')[0]);
        expect(candle.close).toBe(column('close').at(-1));
        expect(toUnits(candle.high)).toBe(units('high').reduce((a, b) => (a > b ? a : b)));
        expect(toUnits(candle.low)).toBe(units('low').reduce((a, b) => (a < b ? a : b)));
        for (const name of ['baseVolume', 'quoteVolume', 'takerBuyBaseVolume', 'takerBuyQuoteVolume'] as const) {
          expect(toUnits(String(candle[name]))).toBe(sumUnits(column(name)));
        }
        expect(BigInt(candle.tradeCount ?? -1)).toBe(sumUnits(column('tradeCount')) / 100_000_000n);
        expect(candle.isClosed).toBe(true);
      }
    });

    it.each(['1m', '5m', '1h', '1d'])('gives the same numbers as columns for charts at %s', async (interval) => {
      const end = interval === '1m' ? from + 1000 * MINUTE_MS : to;
      const { bars } = await request<{ bars: Record<'t' | 'o' | 'h' | 'l' | 'c' | 'v', number[]> & { s: string } }>(
        system.graphqlUrl,
        'query ($s: ID!, $i: Interval!, $from: Int!, $to: Int!) { bars(symbol: $s, interval: $i, from: $from, to: $to) { s t o h l c v } }',
        { s: SYMBOL, i: interval, from: from / 1000, to: end / 1000 },
      );
      const candles = await readCandles(system.graphqlUrl, SYMBOL, interval, from, end);
      expect(candles.length).toBeGreaterThan(6);
      expect(bars).toEqual({
        s: 'ok',
        t: candles.map(({ openTime }) => Date.parse(openTime) / 1000),
        o: candles.map(({ open }) => Number(open)),
        h: candles.map(({ high }) => Number(high)),
        l: candles.map(({ low }) => Number(low)),
        c: candles.map(({ close }) => Number(close)),
        v: candles.map(({ baseVolume }) => Number(baseVolume)),
      });
    });

    it('serves null for columns that the recording lacks', async () => {
      const [candle] = await readCandles(system.graphqlUrl, 'REPLAY:ETHUSDT', '1m', from, from + MINUTE_MS);
      expect(candle).toMatchObject({ quoteVolume: null, tradeCount: null, takerBuyBaseVolume: null });
    });
  });

  describe('forecasts', () => {
    it('come from an LSTM whose file is on disk and reproduces them from the stored input', async () => {
      const forecast = await eventually(
        async () => {
          const { latestForecasts } = await request<{ latestForecasts: LatestForecast[] }>(system.graphqlUrl, LATEST_FORECASTS, {
            symbols: [SYMBOL],
          });
          const found = latestForecasts.find(({ model }) => model.kind === 'LSTM');
          if (!found) throw new Error(`no LSTM forecast among ${latestForecasts.length}`);
          return found;
        },
        { timeoutMs: 300_000 },
      );
      const reader = createForecastReader(system.database);
      const stored = await reader.findForecast(forecast.id);
      if (!stored) throw new Error(`forecast ${forecast.id} is not stored`);
      const model = await reader.findModel(stored.modelId);
      const bytes = readFileSync(join(system.dataDir, String(model?.artifactPath)));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(forecast.model.sha256);

      const input = await reader.findInput(stored);
      if (!input) throw new Error('the model input is not stored');
      expect(createHash('sha256').update(input).digest('hex')).toBe(stored.inputHash);
      const card = model?.card as unknown as ModelCard;
      const session = await InferenceSession.create(bytes);
      const output = Object.values(await session.run(toFeeds(input, card.input)))[0];
      if (!output) throw new Error('the model has no output');
      const row = card.horizons.indexOf(stored.horizon) * card.levels.length;
      for (const [index, quantile] of stored.quantiles.entries()) {
        expect(Math.abs(Number(output.data[row + index]) - quantile.logReturn)).toBeLessThanOrEqual(1e-6);
      }
      expect(stored.issuedAt).toBeLessThan(stored.targetTime);
    });
  });

  describe.skipIf(!findChromium())('the page in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchBrowser(findChromium() as string);
    });

    afterAll(async () => {
      await browser?.close();
    });

    it('shows candles and the last price with JavaScript off', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(system.webUrl);
      expect(await page.locator('[data-testid="pane-0"] svg').count()).toBeGreaterThan(0);
      expect(await page.locator('[data-testid="source-badge"]').innerText()).toMatch(/replay/i);
      await context.close();
    });

    it('shows the recorded candles, goes live, and draws a forecast', async () => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${system.webUrl}/?debug=1&panes=BTCUSDT@1m`);
      const bars = () => page.evaluate<ChartBar[]>('window.__candlecast ? window.__candlecast.panes[0].bars() : []');
      const shown = await eventually(async () => {
        const all = await bars();
        expect(all.length).toBeGreaterThan(100);
        return all;
      });
      const closed = shown.slice(0, -2);
      const first = closed[0] as ChartBar;
      const last = closed.at(-1) as ChartBar;
      const rows = await readRecorded(system.recordings.BTCUSDT, first.openTime, last.openTime + MINUTE_MS);
      expect(closed.map(({ openTime, open, high, low, close }) => [openTime, open, high, low, close])).toEqual(
        rows.map(({ openTime, columns }) => [openTime, ...columns.slice(1, 5).map(Number)]),
      );
      await eventually(async () => expect((await bars()).at(-1)?.openTime).toBeGreaterThan(last.openTime + 3 * MINUTE_MS), {
        timeoutMs: 60_000,
      });
      await eventually(
        async () => expect(await page.locator('[data-testid="fan-legend"]').first().innerText()).toMatch(/not financial advice/i),
        { timeoutMs: 60_000 },
      );
      expect(errors).toEqual([]);
      await page.close();
    });
  });

  describe('after kill -9', () => {
    it.each(['ingest', 'gateway', 'forecaster', 'web'] as const)('of %s everything is live again', async (app) => {
      const before = system.pids()[app];
      const startedAt = performance.now();
      process.kill(before, 'SIGKILL');
      await eventually(
        async () => {
          expect(system.pids()[app]).not.toBe(before);
          await system.expectLive(app);
        },
        { timeoutMs: 60_000 },
      );
      console.log(`${app}: live again ${((performance.now() - startedAt) / 1000).toFixed(1)} s after kill -9`);
    });

    it('no candle is missing', async () => {
      const { instrument } = await request<{ instrument: { watermark: string; liveSince: string } }>(
        system.graphqlUrl,
        'query ($s: ID!) { instrument(symbol: $s) { watermark liveSince } }',
        { s: SYMBOL },
      );
      const from = Date.parse(instrument.liveSince) - 60 * MINUTE_MS;
      const to = Date.parse(instrument.watermark) + MINUTE_MS;
      const candles = await readCandles(system.graphqlUrl, SYMBOL, '1m', from, to);
      const rows = await readRecorded(system.recordings.BTCUSDT, from, to);
      expect(candles.map(({ openTime, close, baseVolume }) => [Date.parse(openTime), close, baseVolume])).toEqual(
        rows.map(({ openTime, columns }) => [openTime, columns[4], columns[5]]),
      );
      expect(rows.length).toBeGreaterThan(60);
    });
  });
});

interface ChartBar {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

interface LatestForecast {
  readonly id: string;
  readonly horizon: string;
  readonly model: { readonly kind: string; readonly sha256: string };
}

const LATEST_FORECASTS = 'query ($symbols: [ID!]!) { latestForecasts(symbols: $symbols) { id horizon model { kind sha256 } } }';

/** The part of a model card that says how the stored input is laid out. Offsets are in floats. */
interface ModelCard {
  readonly horizons: readonly string[];
  readonly levels: readonly number[];
  readonly input: Readonly<Record<string, { readonly offset: number; readonly shape: readonly number[] }>>;
}

/** Cuts the stored input (little-endian float32) into the tensors that the model takes. */
function toFeeds(input: Uint8Array, layout: ModelCard['input']): Record<string, Tensor> {
  const floats = new Float32Array(input.buffer.slice(input.byteOffset, input.byteOffset + input.byteLength));
  return Object.fromEntries(
    Object.entries(layout).map(([name, { offset, shape }]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, new Tensor('float32', floats.slice(offset, offset + size), [1, ...shape])];
    }),
  );
}
