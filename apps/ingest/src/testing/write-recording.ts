import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CandleValues, type EpochMs, MINUTE_MS, systemClock, type TimeRange } from '@candlecast/domain';
import { startExchangeSim } from '@candlecast/exchange-sim';

/** A folder with recorded candles in the format of the exchange's dump files. */
export interface Recording {
  readonly dir: string;
  readonly candles: readonly CandleValues[];
  remove(): void;
}

/** Records the simulated market of a pair in `range`, without the minutes that open in `hole`. */
export async function writeRecording(symbol: string, range: TimeRange, hole: TimeRange): Promise<Recording> {
  const source = { kind: 'simulated', seed: 11, symbols: [symbol] } as const;
  const sim = await startExchangeSim({ source, wallClock: systemClock, anchorTime: (range.to + MINUTE_MS) as EpochMs });
  const truth = await sim.truth(symbol, '1m', range);
  await sim.close();
  const candles = truth.filter(({ openTime }) => openTime < hole.from || openTime >= hole.to);
  const dir = mkdtempSync(join(tmpdir(), 'candlecast-recording-'));
  writeFileSync(join(dir, `${symbol}-1m-2026-05.csv`), candles.map(toLine).join('\n'));
  return { dir, candles, remove: () => rmSync(dir, { recursive: true }) };
}

function toLine(candle: CandleValues): string {
  const { openTime, open, high, low, close, baseVolume, quoteVolume, tradeCount, takerBuyBaseVolume, takerBuyQuoteVolume } = candle;
  const lastMs = openTime + MINUTE_MS - 1;
  return [openTime, open, high, low, close, baseVolume, lastMs, quoteVolume, tradeCount, takerBuyBaseVolume, takerBuyQuoteVolume, 0].join();
}
