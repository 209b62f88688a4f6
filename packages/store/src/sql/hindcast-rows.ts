// pg, not Prisma: many rows and how far they reach are one transaction, and the database itself refuses what looks ahead.
import {
  AppError,
  type HindcastModel,
  type HindcastWalk,
  type InstrumentId,
  type NewHindcast,
  splitInstrumentId,
  toIso,
} from '@candlecast/domain';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

const SAVE_MODEL = {
  name: 'hindcasts-save-model',
  text: `
    insert into hindcast_model (instrument_id, name, trained_from, trained_through, data_hash, feature_schema, horizons, code_version, made_at)
    select i.id, $3, $4::timestamptz, $5::timestamptz, $6, $7::integer, $8::text[], $9, $10::timestamptz from instrument i where i.venue = $1 and i.symbol = $2
    on conflict do nothing`,
};

const FIND_MODEL = {
  name: 'hindcasts-find-model',
  text: `
    select m.id, m.name, m.trained_from as "trainedFrom", m.trained_through as "trainedThrough", m.data_hash as "dataHash", m.feature_schema as "featureSchema", m.horizons,
      m.code_version as "codeVersion", m.made_at as "madeAt"
    from instrument i join hindcast_model m on m.instrument_id = i.id and m.name = $3 and m.trained_through = $4::timestamptz and m.data_hash = $5
    where i.venue = $1 and i.symbol = $2`,
};

/** Inserts the model, or finds the one that is there. Throws `instrument_unknown`. */
export async function saveHindcastModel(session: Reader, model: Omit<HindcastModel, 'id'>): Promise<HindcastModel> {
  const { instrumentId, name, trainedFrom, trainedThrough, dataHash, featureSchema, horizons, codeVersion, madeAt } = model;
  const { venue, symbol } = splitInstrumentId(instrumentId);
  await session.run(SAVE_MODEL, [
    ...[venue, symbol, name, toIso(trainedFrom), toIso(trainedThrough), dataHash, featureSchema, horizons, codeVersion],
    toIso(madeAt),
  ]);
  const values = [venue, symbol, name, toIso(trainedThrough), dataHash];
  const [found] = await session.run<Omit<HindcastModel, 'instrumentId'>>(FIND_MODEL, values);
  if (!found) throw new AppError('instrument_unknown', `instrument "${instrumentId}" is not in the database`);
  return { instrumentId, ...found };
}

const FIND_WALKS = {
  name: 'hindcasts-find-walks',
  text: `
    select w.grid, m.trained_through as "trainedThrough", max(w.walked_until) as "walkedUntil"
    from instrument i join hindcast_model m on m.instrument_id = i.id and m.name = $3 join hindcast_walk w on w.model_id = m.id
    where i.venue = $1 and i.symbol = $2
    group by w.grid, m.trained_through`,
};

/** Returns how far models of a name have walked. */
export function findHindcastWalks(session: Reader, id: InstrumentId, name: string): Promise<HindcastWalk[]> {
  const { venue, symbol } = splitInstrumentId(id);
  return session.run<HindcastWalk>(FIND_WALKS, [venue, symbol, name]);
}

/** Of floats exactly what the arrays hold. */
const INSERT = {
  name: 'hindcasts-insert',
  text: `
    with added as (
      insert into hindcast (instrument_id, as_of, model_id, trained_through, ref_price, p_up, log_returns)
      select m.instrument_id, k.as_of, m.id, m.trained_through, k.ref_price, k.p_up, k.log_returns
      from hindcast_model m, json_to_recordset($2::json) as k (as_of timestamptz, ref_price numeric, p_up real[], log_returns real[])
      where m.id = $1::integer
      on conflict do nothing returning 1)
    select count(*)::integer as count from added`,
};

/** Appends hindcasts and returns how many are new. Throws `look_ahead` where one is not after the end of the model's training. */
export async function insertHindcasts(session: Reader, model: HindcastModel, rows: readonly NewHindcast[]): Promise<number> {
  const sent = rows.map(({ asOf, refPrice, pUps, logReturns }) => ({
    as_of: toIso(asOf),
    ref_price: refPrice,
    p_up: pUps,
    log_returns: logReturns,
  }));
  try {
    const [added] = await session.run<{ count: number }>(INSERT, [model.id, JSON.stringify(sent)]);
    return added?.count ?? 0;
  } catch (cause) {
    if (!isLookAhead(cause)) throw cause;
    const through = toIso(model.trainedThrough);
    throw new AppError(
      'look_ahead',
      `a hindcast of ${model.instrumentId} does not lie after ${through}, where its model's training ended`,
      { cause },
    );
  }
}

function isLookAhead(cause: unknown): boolean {
  const refusal = cause instanceof AppError ? cause.cause : cause;
  return refusal instanceof Error && 'constraint' in refusal && refusal.constraint === 'hindcast_no_look_ahead';
}

const NOTE_WALK = {
  name: 'hindcasts-note-walk',
  text: `
    insert into hindcast_walk (model_id, grid, walked_until) values ($1::integer, $2, $3::timestamptz)
    on conflict (model_id, grid) do update set walked_until = greatest(hindcast_walk.walked_until, excluded.walked_until)`,
};

/** Notes how far a model has walked; never less far than noted before. */
export async function noteHindcastWalk(
  session: Reader,
  { id }: Pick<HindcastModel, 'id'>,
  { grid, walkedUntil }: Omit<HindcastWalk, 'trainedThrough'>,
): Promise<void> {
  await session.run(NOTE_WALK, [id, grid, toIso(walkedUntil)]);
}
