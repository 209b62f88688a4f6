import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// The Prisma CLI would download a schema engine; ours answers from the one that npm installed. To use another, name it in the environment.
env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('./tools/schema-engine.mjs', import.meta.url));

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Generating code needs no database; commands that need one say so.
  ...(env.DATABASE_URL ? { datasource: { url: env.DATABASE_URL } } : {}),
});
