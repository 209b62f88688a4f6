import { setTimeout as delay } from 'node:timers/promises';
import { type CandleWriter, type EpochMs, floorToInterval, type InstrumentId, MINUTE_MS } from '@candlecast/domain';
import { createCandleWriter, createDatabase } from '@candlecast/store';
import { findSeries, findStored } from '../../faults/checks/stored.ts';
import { idOf, type World } from '../../faults/world/world.ts';

/** Makes candles be corrected, minutes be missing and much come at once, while clients are cut. */
export interface Market {
  /** Cuts ingest off and has the exchange go on by so many minutes, which are then logged all at once. */
  burst(minutes: number): Promise<void>;
  /** Nothing is planted any more once it resolves. Throws what went wrong with planting. */
  stop(): Promise<void>;
}

const PAUSE_MS = 1_000;
const AWAY_MS = 500;
const HOLE_MINUTES = 3;
const AHEAD_MS = 3 * MINUTE_MS;
/** So long ago was the minute that is restated: an hour at most, so that every interval is corrected with it. */
const BACK_MINUTES = [2, 9, 40];

/** Starts to plant: a hole at the exchange, then a restated minute, and so on. */
export async function startMarket(world: World): Promise<Market> {
  const database = await createDatabase({ url: world.databaseUrl, applicationName: 'chaos' });
  const stopping = new AbortController();
  const planting = plant(world, createCandleWriter(database), stopping.signal).then(
    () => undefined,
    (cause: unknown) => ({ cause }),
  );
  return {
    async burst(minutes) {
      const refusal = world.exchange.refuse();
      world.exchange.cut('rst');
      world.advance(minutes);
      await delay(AWAY_MS);
      refusal.remove();
    },
    async stop() {
      stopping.abort();
      const failure = await planting;
      await database.close();
      if (failure) throw failure.cause;
    },
  };
}

async function plant(world: World, writer: CandleWriter, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const symbol = world.symbols[turn % 2] ?? '';
    if (turn % 4 === 0) {
      const from = floorToInterval((world.sim.now() + AHEAD_MS) as EpochMs, '1m');
      world.sim.inject({ kind: 'hole', symbol, from, to: from + HOLE_MINUTES * MINUTE_MS });
    } else await restate(world, writer, symbol, BACK_MINUTES[turn % BACK_MINUTES.length] ?? 2);
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Writes a stored minute with another close, as an import of a revised file does, and then as it was: two corrections, and the truth
 * holds again.
 */
async function restate(world: World, writer: CandleWriter, symbol: string, backMinutes: number): Promise<void> {
  const series = (await findSeries(world)).find((row) => row.symbol === symbol);
  if (series?.watermark == null || series.liveSince === null) return;
  const from = (series.watermark - backMinutes * MINUTE_MS) as EpochMs;
  const [stored] = await findStored(world, symbol, { from, to: (from + MINUTE_MS) as EpochMs });
  if (!stored || from < series.liveSince || stored.high === stored.low) return;
  const { revision: _, ...candle } = stored;
  const close = candle.close === candle.low ? candle.high : candle.low;
  for (const version of [{ ...candle, close }, candle])
    await writer.commitClosed([{ instrumentId: idOf(symbol) as InstrumentId, candles: [version] }], world.sim.now());
}
