// pg, not Prisma: many instruments in one statement, each compared with what held before.
import { type EpochMs, type InstrumentPace, splitInstrumentId, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

const INSERT = {
  name: 'paces-insert',
  text: `
    insert into forecast_pace (instrument_id, at, is_hourly)
    select i.id, $4::timestamptz, k.is_hourly
    from unnest($1::text[], $2::text[], $3::boolean[]) k (venue, symbol, is_hourly)
    join instrument i using (venue, symbol)
    left join lateral (select p.is_hourly from forecast_pace p where p.instrument_id = i.id order by p.at desc limit 1) p on true
    where k.is_hourly is distinct from coalesce(p.is_hourly, false)
    order by i.id
    on conflict do nothing`,
};

/** Writes down the paces that differ from what held before. */
export async function insertPaces(session: Pick<Session, 'run'>, paces: readonly InstrumentPace[], at: EpochMs): Promise<void> {
  const parts = paces.map(({ instrumentId }) => splitInstrumentId(instrumentId));
  await session.run(INSERT, [
    parts.map(({ venue }) => venue),
    parts.map(({ symbol }) => symbol),
    paces.map(({ pace }) => pace === 'HOURLY'),
    toIso(at),
  ]);
}
