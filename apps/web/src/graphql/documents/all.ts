import * as alerts from './alerts.ts';
import * as developers from './developers.ts';
import * as forecasts from './forecasts.ts';
import * as instruments from './instruments.ts';
import * as markets from './markets.ts';
import * as missing from './missing.ts';
import * as models from './models.ts';
import * as replay from './replay.ts';
import * as search from './search.ts';
import * as status from './status.ts';
import * as tape from './tape.ts';
import * as watchlist from './watchlist.ts';
import * as workspace from './workspace.ts';

/** Every file of documents that the page may send: one a part of the page. A new file has a line here. */
export const DOCUMENT_FILES: readonly Readonly<Record<string, unknown>>[] = [
  alerts,
  developers,
  forecasts,
  instruments,
  markets,
  missing,
  models,
  replay,
  search,
  status,
  tape,
  watchlist,
  workspace,
];
