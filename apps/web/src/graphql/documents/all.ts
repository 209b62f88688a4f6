import * as developers from './developers.ts';
import * as instruments from './instruments.ts';
import * as markets from './markets.ts';
import * as models from './models.ts';
import * as status from './status.ts';
import * as workspace from './workspace.ts';

/** Every file of documents that the page may send: one a part of the page. A new file has a line here. */
export const DOCUMENT_FILES: readonly Readonly<Record<string, unknown>>[] = [
  developers,
  instruments,
  markets,
  models,
  status,
  workspace,
];
