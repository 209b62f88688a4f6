import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// The Prisma CLI would download a schema engine; ours answers from the one that npm installed. To use another, name it in the environment.
env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('./tools/schema-engine.mjs', import.meta.url));

// Behind the views candle_3m .. candle_1w stand tables on the plain tier, continuous aggregates on the full one: the migration's own matter.
const ROLL_UP_TABLES = ['3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w'].map((level) => `public.candle_${level}_mat`);

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  experimental: { externalTables: true },
  tables: { external: ROLL_UP_TABLES },
  // Generating code needs no database; commands that need one say so.
  ...(env.DATABASE_URL ? { datasource: { url: env.DATABASE_URL } } : {}),
});
