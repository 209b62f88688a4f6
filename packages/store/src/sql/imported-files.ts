// pg, not Prisma: its times stay exact numbers, and the row is written by the venue and symbol in one statement.
import { type ImportedFile, type InstrumentId, splitInstrumentId, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

const SAVE = {
  name: 'imported-file-save',
  text: `
    insert into imported_file (instrument_id, name, sha256, is_verified, imported_at, rows, inserted, corrected, completed, unchanged,
      off_grid, refused, refusals)
    select id, $3, $4, $5::boolean, $6::timestamptz, $7::integer, $8::integer, $9::integer, $10::integer, $11::integer, $12::integer,
      $13::integer, $14::jsonb
    from instrument where venue = $1 and symbol = $2
    on conflict (instrument_id, name, sha256) do update
    set is_verified = excluded.is_verified, imported_at = excluded.imported_at, rows = excluded.rows, inserted = excluded.inserted,
      corrected = excluded.corrected, completed = excluded.completed, unchanged = excluded.unchanged, off_grid = excluded.off_grid,
      refused = excluded.refused, refusals = excluded.refusals`,
};

/** Records what became of a file; the same file again replaces its row. */
export async function saveImportedFileRow(session: Pick<Session, 'run'>, id: InstrumentId, file: ImportedFile): Promise<void> {
  const { venue, symbol } = splitInstrumentId(id);
  await session.run(SAVE, [
    venue,
    symbol,
    file.name,
    file.sha256,
    file.isVerified,
    toIso(file.importedAt),
    file.rows,
    file.inserted,
    file.corrected,
    file.completed,
    file.unchanged,
    file.offGrid,
    file.refused,
    JSON.stringify(file.refusals),
  ]);
}

const FIND = {
  name: 'imported-files-find',
  text: `
    select name, sha256, is_verified as "isVerified", imported_at as "importedAt", rows, inserted, corrected, completed, unchanged,
      off_grid as "offGrid", refused, refusals
    from imported_file where instrument_id = $1::integer order by name, imported_at, sha256`,
};

/** Returns the files of a series by name, the newest version of each last. */
export function findImportedFileRows(session: Pick<Session, 'run'>, seriesId: number): Promise<ImportedFile[]> {
  return session.run<ImportedFile>(FIND, [seriesId]);
}
