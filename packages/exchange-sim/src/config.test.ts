import { describe, expect, it } from 'vitest';
import { readSimConfig } from './config.ts';

describe('readSimConfig', () => {
  it('has defaults for everything', () => {
    expect(readSimConfig({})).toEqual({
      port: 4010,
      speed: 1,
      anchorTime: undefined,
      anchorWallTime: undefined,
      limitClock: 'wall',
      source: { kind: 'simulated', seed: 1, symbols: [] },
    });
  });

  it('reads the launcher’s settings', () => {
    const env = {
      CANDLECAST_SIM_PORT: '0',
      CANDLECAST_SOURCE: 'replay',
      CANDLECAST_REPLAY_DIR: '/data',
      CANDLECAST_REPLAY_FROM: '2023-07-30T00:00:00Z',
      CANDLECAST_CLOCK_SPEED: '60',
      CANDLECAST_SIM_LIMIT_CLOCK: 'venue',
      CANDLECAST_SIM_ANCHOR_WALL_MS: '1795000000000',
      CANDLECAST_SIM_ANCHOR_TIME_MS: '1690000000000',
    };
    expect(readSimConfig(env)).toEqual({
      port: 0,
      speed: 60,
      anchorWallTime: 1_795_000_000_000,
      anchorTime: 1_690_000_000_000,
      limitClock: 'venue',
      source: { kind: 'recorded', dir: '/data', from: Date.UTC(2023, 6, 30) },
    });
    expect(readSimConfig({ CANDLECAST_INSTRUMENTS: 'btcusdt, ETHUSDT', CANDLECAST_SEED: '9' }).source).toEqual({
      kind: 'simulated',
      seed: 9,
      symbols: ['BTCUSDT', 'ETHUSDT'],
    });
  });

  it('names every problem at once', () => {
    const env = {
      CANDLECAST_SIM_PORT: 'x',
      CANDLECAST_CLOCK_SPEED: '2000',
      CANDLECAST_SOURCE: 'replay',
      CANDLECAST_REPLAY_FROM: 'yesterday',
    };
    expect(readSimConfig({ CANDLECAST_SOURCE: 'recorded-frames', CANDLECAST_SIM_FRAMES: 'a.jsonl.gz' }).source).toEqual({
      kind: 'recorded-frames',
      file: 'a.jsonl.gz',
    });
    const read = () => readSimConfig(env);
    for (const sim of [{ CANDLECAST_SOURCE: 'recorded-frames' }, { CANDLECAST_SIM_LIMIT_CLOCK: 'moon' }])
      expect(() => readSimConfig(sim)).toThrow('CANDLECAST_SIM_');
    for (const name of ['SIM_PORT', 'CLOCK_SPEED', 'REPLAY_DIR', 'REPLAY_FROM']) expect(read).toThrow(`CANDLECAST_${name}`);
    expect(() => readSimConfig({ CANDLECAST_SOURCE: 'binance' })).toThrow('simulated, replay');
  });

  it('refuses production', () => {
    expect(() => readSimConfig({ NODE_ENV: 'production' })).toThrow('NODE_ENV=production');
  });
});
