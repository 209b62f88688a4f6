/** The sums of track_day that are added up, in the order of its columns. */
export const TRACK_COLUMNS = [
  'regular',
  'resolved',
  'late',
  'void',
  'calls',
  'hits',
  'banded',
  'in_50',
  'in_80',
  'in_90',
  'in_95',
  'compared',
  'crps',
  'crps_reference',
  'abs_err',
  'abs_err_naive',
  'brier',
] as const;

/**
 * The columns of track_day from `first_as_of` on, made of scores `s` that carry their forecast's `ref_price`, as a float, and `is_regular`.
 */
export const TRACK_SUMS = `
  min(s.as_of), max(s.as_of), count(*) filter (where s.is_regular), count(s.actual), count(*) filter (where s.is_reference),
  count(s.void_reason), count(s.hit), count(*) filter (where s.hit), count(s.band), count(*) filter (where s.band <= 50),
  count(*) filter (where s.band <= 80), count(*) filter (where s.band <= 90), count(*) filter (where s.band <= 95),
  count(s.crps + s.crps_reference), coalesce(sum(s.crps) filter (where s.crps_reference is not null), 0),
  coalesce(sum(s.crps_reference) filter (where s.crps is not null), 0), coalesce(sum(s.abs_err / s.ref_price), 0),
  coalesce(sum(s.abs_err_naive / s.ref_price), 0), coalesce(sum(s.brier) filter (where s.hit is not null), 0)`;
