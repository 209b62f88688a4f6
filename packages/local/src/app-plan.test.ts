import { describe, expect, it } from 'vitest';
import { planApps, planSimulator, type ReadySettings, toUrl, withLogins } from './app-plan.ts';
import { readLocalSettings } from './config.ts';

describe('planApps', () => {
  it('points ingest at the simulator on this machine for every source but the exchange', () => {
    const { ingest } = planApps(settingsOf({ CANDLECAST_SOURCE: 'simulated' }));
    expect(ingest.environment).toMatchObject({
      CANDLECAST_BINANCE_REST_URL: 'http://127.0.0.1:4010',
      CANDLECAST_BINANCE_WS_URL: 'ws://127.0.0.1:4010',
    });
    expect(planApps(settingsOf({})).ingest.environment.CANDLECAST_BINANCE_REST_URL).toContain('binance');
  });

  it('gives the database to those who use it, and to nobody else', () => {
    const plans = planApps(settingsOf({}));
    const holders = Object.values(plans).filter(({ environment }) => 'DATABASE_URL' in environment);
    expect(holders.map(({ name }) => name)).toEqual(['ingest', 'forecaster', 'gateway']);
    expect(planSimulator(settingsOf({}), undefined).environment).not.toHaveProperty('DATABASE_URL');
  });

  it('lets each app in under its own login', () => {
    const urls = { ingest: 'postgresql://i', forecaster: 'postgresql://f', gateway: 'postgresql://g' };
    const plans = withLogins(planApps(settingsOf({})), urls);
    const seen = Object.values(plans).map(({ name, environment }) => [name, environment.DATABASE_URL]);
    expect(Object.fromEntries(seen)).toEqual({ ...urls, web: undefined });
  });

  it('reaches the simulator on loopback whatever the apps bind to', () => {
    const settings = settingsOf({ CANDLECAST_SOURCE: 'simulated', CANDLECAST_HOST: '192.0.2.1' });
    expect(planApps(settings).ingest.environment.CANDLECAST_BINANCE_REST_URL).toBe('http://127.0.0.1:4010');
    expect(planSimulator(settings, undefined).url).toBe('http://127.0.0.1:4010');
  });

  it('writes lists and numbers back as settings', () => {
    const { ingest, forecaster } = planApps(settingsOf({ CANDLECAST_INSTRUMENTS: 'btcusdt, ethusdt', CANDLECAST_HISTORY_DAYS: '3' }));
    expect(ingest.environment).toMatchObject({ CANDLECAST_INSTRUMENTS: 'BTCUSDT,ETHUSDT', CANDLECAST_HISTORY_DAYS: '3' });
    expect(forecaster.environment).toMatchObject({ CANDLECAST_INSTRUMENTS: 'BTCUSDT,ETHUSDT' });
  });

  it('binds the web app to the same address as the others', () => {
    const { environment, url } = planApps(settingsOf({ CANDLECAST_HOST: '0.0.0.0', CANDLECAST_WEB_PORT: '3111' })).web;
    expect(environment).toMatchObject({ HOSTNAME: '0.0.0.0', PORT: '3111' });
    expect(url).toBe('http://127.0.0.1:3111');
  });
});

describe('planSimulator', () => {
  it('hands over the clock when there is one', () => {
    const settings = settingsOf({ CANDLECAST_SOURCE: 'simulated' });
    const anchor = { wallMs: 5, venueMs: 7 } as NonNullable<Parameters<typeof planSimulator>[1]>;
    expect(planSimulator(settings, anchor).environment).toMatchObject({
      CANDLECAST_SIM_ANCHOR_WALL_MS: '5',
      CANDLECAST_SIM_ANCHOR_TIME_MS: '7',
    });
    expect(Object.keys(planSimulator(settings, undefined).environment).join()).not.toContain('ANCHOR');
  });
});

describe('toUrl', () => {
  it('names an address that this machine can reach', () => {
    expect(['0.0.0.0', '::', '127.0.0.1', '::1'].map((host) => toUrl(host, 1))).toEqual([
      'http://127.0.0.1:1',
      'http://[::1]:1',
      'http://127.0.0.1:1',
      'http://[::1]:1',
    ]);
  });
});

function settingsOf(environment: Record<string, string>): ReadySettings {
  const read = readLocalSettings(environment);
  if (!read.ok) throw read.error;
  return { ...read.value, DATABASE_URL: 'postgresql://candlecast:secret@127.0.0.1:4032/candlecast' };
}
