import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LedgerHead } from '@candlecast/domain';

const PROGRAM = fileURLToPath(new URL('../../../apps/forecaster/src/ledger-verify/main.ts', import.meta.url));
const MOST_LINES = 20;

/** Runs what `npm run ledger:verify` runs, with heads that a reader kept; returns what it found, nothing where all holds. */
export function verifyLedger(databaseUrl: string, heads: readonly LedgerHead[]): Promise<string[]> {
  const kept = heads.map(({ venue, seq, hash }) => `${venue}:${seq}:${hash}`);
  const args = ['--import', 'tsx', PROGRAM, '--venue', 'SIM', ...(kept.length > 0 ? ['--head', ...kept] : [])];
  const environment = { PATH: process.env.PATH, DATABASE_URL: databaseUrl, CANDLECAST_SOURCE: 'simulated' };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: environment, maxBuffer: 2 ** 26 }, (failure, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.trim().split('\n');
      resolve(failure ? ['the ledger does not verify', ...lines.slice(0, MOST_LINES)] : []);
    });
  });
}
