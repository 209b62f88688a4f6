import { CUT_KINDS, type Cut } from '../cuts/cut.ts';
import type { ChaosResult } from './run-chaos.ts';

const SHOWN = 20;

/** Returns the lines that tell what became of a run; a failure names how to run it again. */
export function describeRun(result: ChaosResult, cuts: number): string[] {
  const { seed, found, wallMs } = result;
  const line = `${found.length === 0 ? 'passed' : 'failed'} seed ${seed}: ${result.cuts.length} sockets of ${result.clients} clients cut in ${(wallMs / 1_000).toFixed(1)} s, ${result.events} events compared, ${result.restarts} restarts`;
  if (found.length === 0) return [line];
  return [
    line,
    ...found.slice(0, SHOWN).map((fault) => `          ${fault}`),
    `          replay: npm run bench:chaos -- --cuts ${cuts} --seed ${seed}`,
  ];
}

/** Returns what all runs together did: cuts by kind with the time until everything missed had come, and what was compared. */
export function summarise(results: readonly ChaosResult[]): string[] {
  const all = results.flatMap(({ cuts }) => cuts);
  const sum = (pick: (result: ChaosResult) => number) => results.reduce((total, result) => total + pick(result), 0);
  const unasked = results.flatMap((result) => result.unasked);
  return [
    'kind                         cuts  from cut to resumed in s: median    p95    max  close codes',
    ...CUT_KINDS.map((kind) =>
      describeCuts(
        kind,
        all.filter((cut) => cut.kind === kind),
      ),
    ),
    describeCuts('all', all),
    '',
    `${sum(({ events }) => events)} events given to subscribers compared with the log (${sum(({ told }) => told)} different ones, ${sum(({ toldByBoth }) => toldByBoth)} of them by both gateways)`,
    `${sum(({ corrections }) => corrections)} corrections and ${sum(({ gaps }) => gaps)} gap events among them; ${Math.round(sum(({ candles }) => candles))} candles of log and store compared with the truth`,
    `${sum(({ recoveries }) => recoveries)} recoveries told by streams, ${sum(({ updates }) => updates)} updates of open candles beside`,
    `${sum(({ restarts }) => restarts)} clients started again from their last cursor; sockets that closed unasked: ${unasked.length === 0 ? 'none' : countBy(unasked)}`,
  ];
}

function describeCuts(name: string, cuts: readonly Cut[]): string {
  const times = cuts.flatMap(({ resumedAfterMs }) => resumedAfterMs ?? []).sort((a, b) => a - b);
  const at = (share: number) => ((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) / 1_000).toFixed(2);
  const codes = countBy(cuts.map(({ code }) => `${code}`));
  return `${name.padEnd(26)} ${String(cuts.length).padStart(6)} ${at(0.5).padStart(34)} ${at(0.95).padStart(6)} ${at(1).padStart(6)}  ${codes}`;
}

function countBy(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ');
}
