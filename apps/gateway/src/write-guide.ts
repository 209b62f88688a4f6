// `npm run generate`: puts the API guide into a module, so that the gateway needs no other file to show it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { toGuideTexts } from './adapters/llms/to-guide-texts.ts';

const PAGES = [
  'quick-start.md',
  'cookbook.md',
  'cursors.md',
  'caches.md',
  'replay.md',
  'alerts.md',
  'webhooks.md',
  'limits.md',
  'errors.md',
  'change-policy.md',
];

const guide = new URL('../../../docs/api/', import.meta.url);
const texts = toGuideTexts(PAGES.map((file) => ({ file, text: readFileSync(new URL(file, guide), 'utf8') })));
const folder = new URL('../generated/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL('guide.ts', folder),
  `import type { GuideTexts } from '../src/adapters/llms/to-guide-texts.ts';\n\n` +
    `/** The API guide, made of docs/api by \`npm run generate\`. */\nexport const GUIDE: GuideTexts = ${JSON.stringify(texts, null, 2)};\n`,
);
