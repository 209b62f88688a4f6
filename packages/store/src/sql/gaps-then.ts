/** SQL of the lines of the ledger that stood at a moment: rows of instrument_id, from_time, to_time, reason. `at` is the parameter with the moment. */
export function gapsThen(at: string): string {
  return `
  (select instrument_id, from_time, to_time, reason from gap
   where coalesce(recorded_at, last_attempt_at) <= ${at}::timestamptz and (resolved_at is null or resolved_at > ${at}::timestamptz)
   union all
   select instrument_id, from_time, to_time, reason from gap_past where recorded_at <= ${at}::timestamptz and replaced_at > ${at}::timestamptz)`;
}
