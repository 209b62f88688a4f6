// `npm run generate`: puts the parts of docs/ that the pages show into a module, so that the web app needs no other file to show them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { toDocsSection } from './docs-section.ts';

const docs = new URL('../../../../docs/', import.meta.url);
const folder = new URL('../../generated/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, docs), 'utf8');
const forecasts = read('forecasts.md');
const quality = read('data-quality.md');

const DOCS = {
  said: toDocsSection(forecasts, 'What is said, and when'),
  judged: toDocsSection(forecasts, 'How it is judged'),
  calibration: toDocsSection(forecasts, 'Calibration'),
  speaks: toDocsSection(forecasts, 'Who speaks'),
  check: toDocsSection(forecasts, 'How to check'),
  drift: toDocsSection(forecasts, 'Drift'),
  stored: toDocsSection(quality, 'When a candle is stored, and when it changes'),
  certificate: toDocsSection(quality, 'The certificate'),
  gaps: toDocsSection(quality, 'Why minutes are missing'),
  promises: toDocsSection(read('reliability.md'), 'Promises'),
  glossary: toDocsSection(read('glossary.md')),
  quickStart: toDocsSection(read('api/quick-start.md')),
};

mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL('docs.ts', folder),
  `/** Parts of docs/ as HTML, made by \`npm run generate\`. */\nexport const DOCS = ${JSON.stringify(DOCS, null, 2)} as const;\n`,
);
