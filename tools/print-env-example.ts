// Prints `.env.example` from the settings: `node --import tsx tools/print-env-example.ts > .env.example`.
import { SETTINGS } from '@candlecast/config';

console.log('# Every setting with its default. Copy to .env and uncomment what you change.');
for (const [name, schema] of Object.entries(SETTINGS)) {
  const parsed = schema.safeParse(undefined);
  console.log(`\n# ${schema.description ?? ''}\n#${name}=${parsed.success && parsed.data !== undefined ? String(parsed.data) : ''}`);
}
