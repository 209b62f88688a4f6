import { addMs, type ForecastPace, MINUTE_MS } from '@candlecast/domain';
import type { Database } from '@candlecast/store';
import { dueHorizons } from '../../../apps/forecaster/src/serve/due-horizons.ts';
import { MARKET_START } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';

const DAY_MINUTES = 1_440;
const SIZES = [11, 1_600];
/** Forecast at every close; the others hourly. */
const DEFAULT_INSTRUMENTS = 11;
const MIB = 2 ** 20;

/** Tells what an entry takes on the disk, from the rows that are stored, indexes included, and what a day of entries will. */
export async function measureLedgerSize({ sessions }: Database, report: Report, models: number): Promise<void> {
  report.section('What the ledger takes on the disk, indexes included');
  const bytesOf = async (relation: string) => {
    const [row] = await sessions.run<{ bytes: number; rows: number }>({
      name: `bench-size-${relation}`,
      text: `select pg_total_relation_size('${relation}') as bytes, (select count(*) from ${relation}) as rows`,
    });
    return row && row.rows > 0 ? row.bytes / row.rows : Number.NaN;
  };
  const entry = await bytesOf('forecast');
  const input = await bytesOf('forecast_input');
  const score = await bytesOf('forecast_score');
  report.figure({ what: 'an entry', value: entry, unit: 'bytes' });
  report.figure({ what: 'an input, of which the horizons of a close share one', value: input, unit: 'bytes' });
  if (Number.isFinite(score)) report.figure({ what: 'a score', value: score, unit: 'bytes' });
  report.figure({ what: 'an event of the log, which is kept for days', value: await bytesOf('event_log'), unit: 'bytes' });
  for (const size of SIZES) {
    const often = Math.min(size, DEFAULT_INSTRUMENTS);
    const { entries, inputs } = addUp(countDay('EVERY_CLOSE', models), often, countDay('HOURLY', models), size - often);
    const what = `${size} instruments, ${models} models`;
    report.figure({ what: `${what}: entries a day`, value: entries, unit: '' });
    report.figure({ what: `${what}: a day`, value: (entries * (entry + (score || 0)) + inputs * input) / MIB, unit: 'MiB' });
  }
}

interface Day {
  readonly entries: number;
  readonly inputs: number;
}

/** What is due of one instrument in a day. */
function countDay(pace: ForecastPace, models: number): Day {
  const due = Array.from({ length: DAY_MINUTES }, (_, minute) => dueHorizons(addMs(MARKET_START, minute * MINUTE_MS), pace, false).length);
  return { entries: due.reduce((sum, count) => sum + count, 0) * models, inputs: due.filter((count) => count > 0).length * models };
}

function addUp(one: Day, times: number, other: Day, otherTimes: number): Day {
  return { entries: one.entries * times + other.entries * otherTimes, inputs: one.inputs * times + other.inputs * otherTimes };
}
