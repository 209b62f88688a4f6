// `npm run bench:tiers -- PLAIN_URL APACHE_URL FULL_URL > docs/storage/full-edition-run.md`: the same recorded candles on a database of each
// storage tier, compared by hashes of all twelve relations; and what the full edition is made of. Each address names a server on which
// databases may be made; `embedded` in place of the first two starts one. Reads 1m files of TEST_DATA_DIR/klines.
import { join } from 'node:path';
import { hashCandles, type RelationHash } from '@candlecast/postgres';
import { testDataDir } from '@candlecast/testkit';
import pg from 'pg';
import { openEmbedded, openOn, type TierServer } from './measure/tier-servers.ts';
import { describeFullEdition } from './tiers/full-edition.ts';
import { disturbMarket, type LoadFigures, loadMarket, readMarket } from './tiers/load-market.ts';
import { table } from './tiers/markdown.ts';

const urls = process.argv.slice(2);
if (urls.length !== 3) {
  console.error('usage: npm run bench:tiers -- PLAIN_URL|embedded APACHE_URL|embedded FULL_URL');
  process.exit(2);
}

const STEPS = [
  'imported, then live, the newest bucket of every level open',
  'after late rows, corrections, a backfill and a deletion',
  'maintained',
];
const market = await readMarket(join(testDataDir(), 'klines'));
const hashes: Record<string, RelationHash[][]> = {};
const figures: Record<string, LoadFigures> = {};
let fullEdition: string[] = [];

for (const [index, url] of urls.entries()) {
  const server = url === 'embedded' ? await openEmbedded(index === 1) : await openOn(url);
  try {
    await runTier(server);
  } finally {
    await server.stop();
  }
}
const { lines, areEqual } = compare();
console.log([...lines, ...fullEdition].join('\n').trimEnd());
process.exitCode = areEqual ? 0 : 1;

async function runTier(server: TierServer): Promise<void> {
  const { tier, database } = server;
  const hash = async (step: number) => {
    console.error(`${tier}: hashing, ${STEPS[step]}`);
    const client = new pg.Client({ connectionString: server.url, options: '-c TimeZone=UTC -c jit=off' });
    await client.connect();
    hashes[tier] = [...(hashes[tier] ?? []), await hashCandles(client)];
    await client.end();
  };
  console.error(`${tier}: loading`);
  figures[tier] = await loadMarket(database, market);
  await hash(0);
  await disturbMarket(database, market);
  await hash(1);
  if (tier === 'tsl') fullEdition = await describeFullEdition(server);
  await hash(2);
}

function compare(): { lines: string[]; areEqual: boolean } {
  const tiers = Object.keys(hashes);
  const rows = STEPS.flatMap((step, index) =>
    (hashes[tiers[0] ?? '']?.[index] ?? []).map(({ relation, rows: count, hash }) => {
      const others = tiers.map((tier) => hashes[tier]?.[index]?.find((other) => other.relation === relation));
      const isEqual = others.every((other) => other?.rows === count && other.hash === hash);
      return {
        step: index + 1,
        relation,
        rows: count,
        hash,
        equal: isEqual ? 'yes' : others.map((other) => other?.hash).join(' ≠ '),
        what: step,
      };
    }),
  );
  const loading = tiers.map((tier) => {
    const { rows: count = 0, importSeconds = 0, liveSeconds = 0 } = figures[tier] ?? {};
    return {
      tier,
      rows: count,
      'import, s': importSeconds.toFixed(1),
      'rows/s': Math.round(count / importSeconds),
      'live part, s': liveSeconds.toFixed(1),
    };
  });
  const symbols = [...market].map(([symbol, candles]) => `${symbol} ${candles.length}`).join(', ');
  return {
    areEqual: rows.every(({ equal }) => equal === 'yes') && tiers.length === 3,
    lines: [
      '# The same candles on every storage tier',
      '',
      `Made by \`npm run bench:tiers\` (bench/src/tiers.ts) from recorded 1m candles: ${symbols}.`,
      'A hash is the sum of the first 60 bits of the MD5 of every row, all columns, so that one digit of one value changes it.',
      '',
      '## Loading',
      '',
      'The times depend on what else the machine did; the tiers were loaded one after the other.',
      '',
      ...table(loading),
      '',
      '## Equality',
      '',
      ...STEPS.map((step, index) => `${index + 1}. ${step}`),
      '',
      ...table(rows.map(({ what: _, ...row }) => row)),
      '',
    ],
  };
}
