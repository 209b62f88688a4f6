import type { HindcastReader, HindcastWriter } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findHindcastWalks, insertHindcasts, noteHindcastWalk, saveHindcastModel } from './sql/hindcast-rows.ts';
import { findHindcastFanRows, findHindcastPage, findHindcastRow } from './sql/hindcasts.ts';

/** Returns the writer of hindcasts. */
export function createHindcastWriter({ sessions }: Pick<Database, 'sessions'>): HindcastWriter {
  return {
    saveModel: (model) => saveHindcastModel(sessions, model),
    findWalks: (id, name) => findHindcastWalks(sessions, id, name),
    appendHindcasts: (model, rows, walk) =>
      sessions.transact(async (session) => {
        const added = rows.length > 0 ? await insertHindcasts(session, model, rows) : 0;
        await noteHindcastWalk(session, model, walk);
        return added;
      }),
  };
}

/** Returns the reader of hindcasts. */
export function createHindcastReader({ sessions }: Pick<Database, 'sessions'>): HindcastReader {
  return {
    findHindcasts: (query) => findHindcastPage(sessions, query),
    findHindcast: (key) => findHindcastRow(sessions, key),
    findHindcastFan: (id, at) => findHindcastFanRows(sessions, id, at),
  };
}
