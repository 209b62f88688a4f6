import * as workspace from './workspace.ts';

/** Every file of documents that the page may send: one a part of the page. A new file has a line here. */
export const DOCUMENT_FILES: readonly Readonly<Record<string, unknown>>[] = [workspace];
