import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, type Clock, parseIso, type Venue } from '@candlecast/domain';
import { chooseSource, needsProbe, type Source } from './choose-source.ts';
import { type ClockAnchor, chooseClockAnchor } from './clock-anchor.ts';
import { isProduction, type LocalSettings } from './config.ts';
import { probeExchange } from './probe-exchange.ts';
import { findNewestOpenTime, hasCandles } from './read-venue.ts';
import { findJson } from './wait-until-ready.ts';

const VENUE_OF: Readonly<Record<Source, Venue>> = { binance: 'BINANCE', simulated: 'SIM', replay: 'REPLAY' };

/** What the source is called on the screen. */
export const SOURCE_LABELS: Readonly<Record<Source, string>> = {
  binance: 'Binance',
  simulated: 'simulated market, labelled SIM',
  replay: 'replay of recorded candles, labelled REPLAY',
};

/** Checks what belongs to the source, and makes the folder of a replay absolute. Throws `config_invalid` with one sentence. */
export function checkSource(settings: LocalSettings, root: string): LocalSettings {
  if (settings.CANDLECAST_SOURCE !== 'binance' && isProduction()) {
    throw new AppError('config_invalid', `CANDLECAST_SOURCE=${settings.CANDLECAST_SOURCE} is not for production: unset NODE_ENV`);
  }
  if (settings.CANDLECAST_SOURCE !== 'replay') return settings;
  const { CANDLECAST_REPLAY_DIR: dir, CANDLECAST_REPLAY_FROM: from } = settings;
  if (dir === undefined)
    throw new AppError('config_invalid', 'CANDLECAST_SOURCE=replay needs CANDLECAST_REPLAY_DIR, a folder of recorded candles');
  const folder = resolve(root, dir);
  if (!existsSync(folder)) throw new AppError('config_invalid', `the folder ${folder} that CANDLECAST_REPLAY_DIR names does not exist`);
  if (from !== undefined && parseIso(from) === undefined) {
    throw new AppError('config_invalid', `CANDLECAST_REPLAY_FROM "${from}" is not a moment like 2021-06-01T00:00:00Z`);
  }
  return { ...settings, CANDLECAST_REPLAY_DIR: folder };
}

/** Finds out which source this start has; asks the exchange for a sign of life where that matters (up to 10 s). */
export async function findSource(
  settings: LocalSettings,
  databaseUrl: string,
): Promise<{ readonly source: Source; readonly isFallback: boolean }> {
  const facts = {
    wanted: settings.CANDLECAST_SOURCE,
    isProduction: isProduction(),
    hasExchangeCandles: await hasCandles(databaseUrl, 'BINANCE'),
  };
  return chooseSource(facts, needsProbe(facts) && (await probeExchange(settings.CANDLECAST_BINANCE_REST_URL)));
}

/** Chooses the simulator's clock from what is stored; undefined when the simulator alone knows. */
export async function findClockAnchor(
  settings: LocalSettings,
  source: Exclude<Source, 'binance'>,
  databaseUrl: string,
  clock: Clock,
): Promise<ClockAnchor | undefined> {
  return chooseClockAnchor({
    source,
    speed: settings.CANDLECAST_CLOCK_SPEED,
    wallMs: clock.now(),
    newestOpenTime: await findNewestOpenTime(databaseUrl, VENUE_OF[source]),
    replayFrom: settings.CANDLECAST_REPLAY_FROM,
  });
}

/** Reads the clock of the simulator that runs at `url`, so that one that dies is started again in the same time. */
export async function readClockAnchor(url: string, clock: Clock): Promise<ClockAnchor | undefined> {
  const answer = (await findJson(`${url}/api/v3/time`)) as { readonly serverTime: ClockAnchor['venueMs'] } | undefined;
  return answer && { wallMs: clock.now(), venueMs: answer.serverTime };
}
