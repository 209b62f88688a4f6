// `npm run db:migrate`: brings the database that DATABASE_URL names up to date; as its owner.
import { AppError } from '@candlecast/domain';
import { applyMigrations } from '../apply-migrations.ts';

const url = process.env.DATABASE_URL;
if (!url) {
  console.error('DATABASE_URL names no database: postgresql://owner:password@host:port/database');
  process.exit(2);
}
try {
  const count = await applyMigrations(url, (line) => console.log(line));
  console.log(count === 0 ? 'the database is up to date' : `${count} migrations applied`);
} catch (cause) {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
}
