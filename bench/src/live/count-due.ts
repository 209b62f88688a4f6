import { dueEveryMs, type EpochMs, HORIZONS, type Horizon, MINUTE_MS } from '@candlecast/domain';
import type { Database } from '@candlecast/store';
import type { Report } from '../measure/report.ts';

/** What one model name has issued for one instrument at one horizon, at closes at which it was due. */
export interface IssuedRow {
  readonly name: string;
  readonly instrument: number;
  readonly horizon: Horizon;
  readonly asOf: EpochMs;
  readonly isOnTime: boolean;
  readonly isScored: boolean;
  readonly crps: number | null;
  readonly crpsReference: number | null;
}

/** What became of the forecasts that were due. */
export interface DueCount {
  readonly due: number;
  readonly onTime: number;
  readonly late: number;
  readonly missing: number;
  /** Late or missing, and a forecaster was killed around its close. */
  readonly byKills: number;
  readonly scored: number;
  /** Sums over scored ones that have both. */
  readonly crps: number;
  readonly crpsReference: number;
}

/** Closes from a minute before a kill to two after it by the venue's clock: eighteen real seconds at ten times the speed. */
const SHADOW = { beforeMs: MINUTE_MS, afterMs: 2 * MINUTE_MS };

/**
 * Counts, by horizon or by model, what was due: every close on the horizon's grid from the first at which the name forecast the instrument at any
 * horizon, up to `until`.
 */
export function countDue(
  rows: readonly IssuedRow[],
  until: EpochMs,
  kills: readonly EpochMs[],
  by: 'horizon' | 'name',
): Map<string, DueCount> {
  const firsts = new Map<string, EpochMs>();
  const series = new Map<string, IssuedRow[]>();
  for (const row of rows) {
    const who = `${row.name} ${row.instrument}`;
    firsts.set(who, Math.min(row.asOf, firsts.get(who) ?? row.asOf) as EpochMs);
    const key = `${who} ${row.horizon}`;
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  const counts = new Map<string, DueCount>();
  for (const own of series.values()) {
    const [first] = own;
    if (!first) continue;
    const from = firsts.get(`${first.name} ${first.instrument}`) ?? first.asOf;
    add(counts, first[by], countSeries(own, dueEveryMs(first.horizon), from, until, kills));
  }
  return counts;
}

function countSeries(rows: readonly IssuedRow[], everyMs: number, from: EpochMs, until: EpochMs, kills: readonly EpochMs[]): DueCount {
  const byClose = new Map<number, IssuedRow>();
  // Two versions of a name at one close are one forecast of the name: the one that was on time.
  for (const row of rows) if (!byClose.get(row.asOf)?.isOnTime) byClose.set(row.asOf, row);
  const count = { due: 0, onTime: 0, late: 0, missing: 0, byKills: 0, scored: 0, crps: 0, crpsReference: 0 };
  for (let asOf = Math.ceil(from / everyMs) * everyMs; asOf <= until; asOf += everyMs) {
    const row = byClose.get(asOf);
    count.due += 1;
    if (row?.isOnTime) count.onTime += 1;
    else if (row) count.late += 1;
    else count.missing += 1;
    if (!row?.isOnTime && kills.some((at) => asOf > at - SHADOW.beforeMs && asOf < at + SHADOW.afterMs)) count.byKills += 1;
    if (!row?.isScored) continue;
    count.scored += 1;
    count.crps += row.crps ?? 0;
    count.crpsReference += row.crpsReference ?? 0;
  }
  return count;
}

function add(counts: Map<string, DueCount>, key: string, more: DueCount): void {
  const present = counts.get(key);
  if (!present) return void counts.set(key, more);
  const sum = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, value + present[name as keyof DueCount]]));
  counts.set(key, sum as unknown as DueCount);
}

/** Returns everything that was issued, oldest first; extra forecasts of a first fan fall off the grid and are not counted. */
export function findIssued({ sessions }: Database): Promise<IssuedRow[]> {
  return sessions.run<IssuedRow>({
    name: 'bench-live-issued',
    text: `
      select m.name, f.instrument_id as instrument, f.horizon, epoch_ms(f.as_of) as "asOf", f.timing = 'ON_TIME' as "isOnTime",
        s.crps is not null as "isScored", s.crps, s.crps_reference as "crpsReference"
      from forecast f join model m on m.id = f.model_id
      left join forecast_score s on (s.instrument_id, s.horizon, s.as_of, s.model_id) = (f.instrument_id, f.horizon, f.as_of, f.model_id)
      order by f.ledger_seq`,
  });
}

/** Prints what was due and what became of it, whole and by horizon. */
export function tellCounts(
  report: Report,
  { rows, until, kills, heard }: { rows: readonly IssuedRow[]; until: EpochMs; kills: readonly EpochMs[]; heard: number },
): void {
  const horizons = countDue(rows, until, kills, 'horizon');
  const names = countDue(rows, until, kills, 'name');
  report.section('What was due, by horizon and by model');
  for (const counts of [HORIZONS.flatMap((horizon) => toEntry(horizon, horizons)), [...names]])
    for (const [key, count] of counts) {
      report.figure({ what: `${key}: due`, value: count.due, unit: '' });
      report.figure({ what: `${key}: late`, value: count.late, unit: '' });
      report.figure({ what: `${key}: missing`, value: count.missing, unit: '' });
      report.figure({ what: `${key}: scored by the end`, value: count.scored, unit: '' });
      if (count.scored > 0) report.figure({ what: `${key}: skill`, value: 100 * (1 - count.crps / count.crpsReference), unit: '%' });
    }
  const all = [...names.values()];
  const sum = (of: (count: DueCount) => number) => all.reduce((total, count) => total + of(count), 0);
  const due = sum((count) => count.due);
  const lost = sum((count) => count.late + count.missing);
  report.section('In all');
  report.figure({ what: 'kills', value: kills.length, unit: '' });
  report.figure({ what: 'published forecasts that a reader of the log heard', value: heard, unit: '' });
  report.figure({ what: 'forecasts that were due', value: due, unit: '' });
  report.figure({ what: 'on time', value: (100 * sum((count) => count.onTime)) / due, unit: '%' });
  // A floor of 70 % of 99.5 % would forgive nearly everything: what counts is what was not on time.
  report.figure({ what: 'late or missing', value: (100 * lost) / due, unit: '%', goal: { atMost: 0.5 } });
  report.figure({ what: '… around kills', value: (100 * sum((count) => count.byKills)) / due, unit: '%' });
}

function toEntry(horizon: Horizon, counts: ReadonlyMap<string, DueCount>): [string, DueCount][] {
  const count = counts.get(horizon);
  return count ? [[horizon, count]] : [];
}
