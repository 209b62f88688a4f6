import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '@candlecast/local';
import { createDatabase, type Database } from '@candlecast/store';
import { eventually, findFreePort, testDataDir } from '@candlecast/testkit';
import { request } from './graphql.ts';

const FILES = {
  BTCUSDT: 'BTCUSDT-1m-2021-05_2021-06.csv.gz',
  ETHUSDT: 'ETHUSDT-1m-2021-05_2021-06.csv.gz',
  ADAUSDT: 'ADAUSDT-1m-2021-05_2021-06.csv.gz',
} as const;

export type App = 'ingest' | 'gateway' | 'forecaster' | 'web';

/** The whole product on this machine, replaying recorded candles at thirty times their pace. */
export interface ReplaySystem {
  readonly graphqlUrl: string;
  readonly webUrl: string;
  readonly dataDir: string;
  readonly database: Database;
  readonly recordings: Readonly<Record<keyof typeof FILES, string>>;
  pids(): Record<App, number>;
  /** Throws unless the app answers and data flows through it. */
  expectLive(app: App): Promise<void>;
  stop(): Promise<void>;
}
