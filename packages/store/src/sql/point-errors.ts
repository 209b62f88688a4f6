// pg, not Prisma: a year of scores of one series, with one element of the array that each forecast keeps.
import { type CalibrationKey, type PointErrors, QUANTILE_LEVELS, splitInstrumentId, type TimeRange, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

/** Arrays count from 1. */
const MEDIAN = QUANTILE_LEVELS.indexOf(0.5) + 1;

const FIND = {
  name: 'point-errors-find',
  text: `
    select distinct on (s.as_of) s.as_of as "asOf", abs(s.log_return - f.log_returns[${MEDIAN}]) as located, abs(s.log_return) as naive
    from instrument i
    join model m on m.name = $4
    join forecast_score s on s.instrument_id = i.id and s.horizon = $3 and s.model_id = m.id and s.as_of >= $5::timestamptz
      and s.as_of < $6::timestamptz and s.scored_at < $6::timestamptz and epoch_ms(s.as_of) % 3600000 = 0 and s.log_return is not null
    join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (s.instrument_id, s.horizon, s.as_of, s.model_id)
    where i.venue = $1 and i.symbol = $2
    order by s.as_of, s.model_id desc`,
};

/** Returns how far a series' medians, and the last prices, were off. */
export function findPointErrorRows(session: Pick<Session, 'run'>, key: CalibrationKey, { from, to }: TimeRange): Promise<PointErrors[]> {
  const { venue, symbol } = splitInstrumentId(key.instrumentId);
  return session.run<PointErrors>(FIND, [venue, symbol, key.horizon, key.modelName, toIso(from), toIso(to)]);
}
