import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTestFile } from '../api-coverage/read-test-file.ts';
import { ROOT, readText } from '../workspaces.ts';
import { coverUi } from './cover-ui.ts';
import { UI_SECTIONS } from './manifest/sections.ts';
import { readLines } from './read-lines.ts';

/** The description of the web app is kept beside the repository; without it the manifest's own texts count. */
const DESCRIPTION = join(ROOT, '../shared/ui.md');

/** Compares the description of the web app, where it is there, and its manifest with the tests of this repository. Returns what is wrong. */
export function compareUiWithTests(): string[] {
  const described = existsSync(DESCRIPTION) ? readLines(readFileSync(DESCRIPTION, 'utf8')) : undefined;
  const { scripts } = JSON.parse(readText('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  return coverUi({ sections: UI_SECTIONS, described, readTest: readTestFile, scripts: Object.keys(scripts) });
}
