// `npm run bench:live`: an hour of the simulator at ten times the speed with real processes: PostgreSQL, ingest, and two forecasters, one or the
// other of which is killed (-9) again and again. Tells what was due and on time, and whether anything that was published is lost, changed or unscored.
// `--minutes N` of real time, `--speed N`, `--seed S`, `--forecasters N`, `--instruments N`, `--history-days N`; `--report FILE` leaves counts and what failed as
// JSON, and then timeliness alone fails nothing; `--brief` prints what failed and one line. Build first (`npm run build`).
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DEFAULT_INSTRUMENTS } from '@candlecast/config';
import { measureLedgerSize } from './forecast/ledger-size.ts';
import { tellCounts } from './live/count-due.ts';
import { runLive } from './live/run-live.ts';
import { createReport, type Report } from './measure/report.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    speed: { type: 'string' },
    seed: { type: 'string' },
    forecasters: { type: 'string' },
    instruments: { type: 'string' },
    'history-days': { type: 'string' },
    report: { type: 'string' },
    brief: { type: 'boolean', default: false },
  },
});
for (const app of ['ingest', 'forecaster'])
  if (!existsSync(fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url))))
    refuse(`apps/${app} is not built: npm run build`);

const SILENT: Report = { section: () => undefined, figure: () => undefined, skip: () => undefined, exitCode: () => 0 };
const report = values.brief ? SILENT : createReport();
const minutes = readCount('minutes', 60);
const symbols = DEFAULT_INSTRUMENTS.slice(0, readCount('instruments', DEFAULT_INSTRUMENTS.length));
const plan = {
  minutes,
  speed: readCount('speed', 10),
  symbols,
  seed: readCount('seed', 1),
  forecasters: readCount('forecasters', 2),
  historyDays: readCount('history-days', 120),
};
report.section(
  `${minutes} minutes at ${plan.speed} times the speed, ${symbols.length} instruments, ${plan.forecasters} forecasters, seed ${plan.seed}`,
);
const startedAt = performance.now();
const found: string[] = [];
try {
  const said = await runLive(plan, {
    say: (line) => void (values.brief || console.log(`  … ${line}`)),
    onStored: async (database, models) => measureLedgerSize(database, report, models),
  });
  found.push(...said.found);
  tellCounts(report, said);
} catch (cause) {
  found.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
}
for (const fault of found) console.log(`FAILED  ${fault}`);
const passed = found.length === 0 ? 1 : 0;
console.log(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s; live forecasts: ${passed} passed, ${1 - passed} failed`);
if (values.report !== undefined) {
  const failures = found.length === 0 ? [] : [{ test: `seed ${plan.seed}`, message: found.join('\n') }];
  writeFileSync(values.report, JSON.stringify({ passed, skipped: 0, reasons: [], failures }));
}
process.exit(found.length > 0 ? 1 : values.report === undefined ? report.exitCode() : 0);

function readCount(name: 'minutes' | 'speed' | 'seed' | 'forecasters' | 'instruments' | 'history-days', fallback: number): number {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = /^\d{1,6}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (value < 1) refuse(`--${name} ${text} is not a whole number above 0`);
  return value;
}

function refuse(problem: string): never {
  console.error(problem);
  process.exit(2);
}
