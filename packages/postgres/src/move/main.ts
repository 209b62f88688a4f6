// `npm run tier:move -- FROM_URL TO_URL`: carries a database over to a server of another storage tier.
import { AppError } from '@candlecast/domain';
import { moveTier } from './move-tier.ts';

const [from, to, ...rest] = process.argv.slice(2);
if (from === undefined || to === undefined || rest.length > 0) {
  console.error('usage: npm run tier:move -- postgresql://user:password@host:port/old postgresql://user:password@host:port/new');
  process.exit(2);
}
try {
  const { fromTier, toTier, hashes } = await moveTier({ from, to, log: (line) => console.log(line) });
  for (const { relation, rows, hash } of hashes) console.log(`${relation.padEnd(20)} ${`${rows}`.padStart(12)} rows  ${hash}`);
  console.log(`moved from tier ${fromTier} to ${toTier}; everything above is equal on both sides; set DATABASE_URL to the new database`);
} catch (cause) {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
}
