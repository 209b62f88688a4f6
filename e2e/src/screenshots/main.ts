// `npm run docs:screenshots`: every page of the built web app on a desk and on a phone, dark and light, over a simulated market that has run for a while.
// Writes docs/ui/images and docs/ui/pages.md. `--only models,status` takes some pages anew; `--folder DIR` writes the pictures elsewhere, and no page.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium, launchBrowser } from '../browser.ts';
import { listPages, type ShownPage } from './pages.ts';
import { startShow } from './show-system.ts';
import { DEVICES, type Device, fileOf, THEMES, takePicture } from './take-picture.ts';

const DOCS = resolve(import.meta.dirname, '../../../docs/ui');

const { values } = parseArgs({ options: { only: { type: 'string' }, folder: { type: 'string' } } });
const chromium = findChromium();
if (!chromium) {
  console.error('no Chromium on this machine: set CHROMIUM_PATH');
  process.exit(1);
}
const folder = values.folder ?? join(DOCS, 'images');
mkdirSync(folder, { recursive: true });
const system = await startShow();
const browser = await launchBrowser(chromium);
try {
  const all = listPages(system.ids);
  const names = values.only?.split(',');
  for (const page of all.filter(({ name }) => !names || names.includes(name))) {
    for (const device of Object.keys(DEVICES) as Device[]) {
      for (const theme of THEMES) {
        await takePicture(browser, system.webUrl, page, { device, theme, folder });
        console.log(fileOf(page, device, theme));
      }
    }
  }
  if (!values.folder) writeFileSync(join(DOCS, 'pages.md'), toMarkdown(all));
} finally {
  await browser.close();
  await system.stop();
}

function toMarkdown(pages: readonly ShownPage[]): string {
  const picture = (page: ShownPage, device: Device, theme: 'dark' | 'light') =>
    `![${page.title}, ${device}, ${theme}](images/${fileOf(page, device, theme)})`;
  const sections = pages.map((page) =>
    [
      `## ${page.title}`,
      ['| dark | light |', '|---|---|', `| ${picture(page, 'desk', 'dark')} | ${picture(page, 'desk', 'light')} |`].join('\n'),
      ['| dark | light |', '|---|---|', `| ${picture(page, 'phone', 'dark')} | ${picture(page, 'phone', 'light')} |`].join('\n'),
    ].join('\n\n'),
  );
  const head = [
    '# Every page of the web app',
    'Made by `npm run docs:screenshots` of the built app over a simulated market; do not edit. Prices, forecasts and records are of that market.',
  ];
  return `${[...head, ...sections].join('\n\n')}\n`;
}
