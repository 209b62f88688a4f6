import { AppError, type EpochMs, parseIso } from '@candlecast/domain';
import type { SimSource } from './open-source.ts';
import type { LimitClock } from './venue/venue-time.ts';

/** What the process reads from its environment. It is started by the launcher, which has checked the values before. */
export interface SimConfig {
  readonly port: number;
  readonly source: SimSource;
  readonly speed: number;
  readonly anchorWallTime: EpochMs | undefined;
  readonly anchorTime: EpochMs | undefined;
  readonly limitClock: LimitClock;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings. Throws `setting_invalid` with every problem in one sentence, and refuses to run in production. */
export function readSimConfig(env: Environment): SimConfig {
  if (env.NODE_ENV === 'production') throw new AppError('setting_invalid', 'the exchange simulator does not run with NODE_ENV=production');
  const problems: string[] = [];
  const read = (name: string, fallback: number | undefined, low: number, high: number) => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    problems.push(`${name} is "${text}", not a number from ${low} to ${high}`);
    return fallback;
  };
  const port = read('CANDLECAST_SIM_PORT', 4010, 0, 65_535) ?? 0;
  const speed = read('CANDLECAST_CLOCK_SPEED', 1, 1, 1_000) ?? 1;
  const seed = read('CANDLECAST_SEED', 1, 0, 4_294_967_295) ?? 1;
  const anchorWallTime = read('CANDLECAST_SIM_ANCHOR_WALL_MS', undefined, 0, Number.MAX_SAFE_INTEGER) as EpochMs | undefined;
  const anchorTime = read('CANDLECAST_SIM_ANCHOR_TIME_MS', undefined, 0, Number.MAX_SAFE_INTEGER) as EpochMs | undefined;
  const limitClock = env.CANDLECAST_SIM_LIMIT_CLOCK === 'venue' ? 'venue' : 'wall';
  if (limitClock !== (env.CANDLECAST_SIM_LIMIT_CLOCK || 'wall'))
    problems.push(`CANDLECAST_SIM_LIMIT_CLOCK is "${env.CANDLECAST_SIM_LIMIT_CLOCK}", not wall or venue`);
  const source = readSource(env, seed, problems);
  if (problems.length > 0) throw new AppError('setting_invalid', problems.join('; '));
  return { port, source, speed, anchorWallTime, anchorTime, limitClock };
}

function readSource(env: Environment, seed: number, problems: string[]): SimSource {
  const kind = env.CANDLECAST_SOURCE ?? 'simulated';
  if (kind === 'replay') {
    const dir = env.CANDLECAST_REPLAY_DIR;
    if (!dir) problems.push('CANDLECAST_REPLAY_DIR is missing, the folder of recorded candles');
    const from = env.CANDLECAST_REPLAY_FROM ? parseIso(env.CANDLECAST_REPLAY_FROM) : undefined;
    if (env.CANDLECAST_REPLAY_FROM && from === undefined)
      problems.push(`CANDLECAST_REPLAY_FROM is "${env.CANDLECAST_REPLAY_FROM}", not ISO-8601`);
    return { kind: 'recorded', dir: dir ?? '', ...(from !== undefined && { from }) };
  }
  if (kind === 'recorded-frames') {
    const file = env.CANDLECAST_SIM_FRAMES;
    if (!file) problems.push('CANDLECAST_SIM_FRAMES is missing, the file of recorded frames');
    return { kind, file: file ?? '' };
  }
  if (kind !== 'simulated') problems.push(`CANDLECAST_SOURCE is "${kind}", the simulator knows simulated, replay and recorded-frames`);
  const symbols = (env.CANDLECAST_INSTRUMENTS ?? '')
    .split(',')
    .map((symbol) => symbol.trim().toUpperCase())
    .filter((symbol) => symbol !== '' && symbol !== 'ALL');
  return { kind: 'simulated', seed, symbols };
}
