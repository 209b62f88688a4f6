import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const DATABASE_URL = 'postgresql://candlecast@127.0.0.1:4032/candlecast';

describe('readConfig', () => {
  it.each([
    ['binance', 'BINANCE'],
    ['simulated', 'SIM'],
    ['replay', 'REPLAY'],
  ])('forecasts the venue of the source %s', (source, venue) => {
    expect(readConfig({ DATABASE_URL, CANDLECAST_SOURCE: source })).toMatchObject({ ok: true, value: { venue } });
  });

  it('makes the data folder absolute', () => {
    const read = readConfig({ DATABASE_URL, CANDLECAST_DATA_DIR: 'somewhere' });
    expect(read.ok && isAbsolute(read.value.dataDir)).toBe(true);
  });

  it('takes a bucket with its keys, and not without', () => {
    const bucket = { DATABASE_URL, CANDLECAST_BUCKET_URL: 'https://s3.example/models' };
    expect(readConfig({ DATABASE_URL })).toMatchObject({ ok: true, value: { bucket: null } });
    expect(readConfig(bucket)).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    expect(readConfig({ ...bucket, CANDLECAST_BUCKET_KEY: 'a', CANDLECAST_BUCKET_SECRET: 'b' })).toMatchObject({
      ok: true,
      value: { bucket: { url: 'https://s3.example/models', region: 'us-east-1', accessKeyId: 'a', secretAccessKey: 'b' } },
    });
  });

  it('forecasts those that are named at every close, of all pairs the usual ones, and all of a recording', () => {
    const everyClose = (settings: Record<string, string>) => {
      const read = readConfig({ DATABASE_URL, ...settings });
      return read.ok && read.value.everyClose;
    };
    expect(everyClose({ CANDLECAST_INSTRUMENTS: 'solusdt' })).toEqual(['SOLUSDT']);
    expect(everyClose({ CANDLECAST_INSTRUMENTS: 'all' })).toContain('BTCUSDT');
    expect(everyClose({ CANDLECAST_SOURCE: 'replay' })).toBe('everything');
  });

  it('needs a database', () => {
    expect(readConfig({})).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
  });
});
