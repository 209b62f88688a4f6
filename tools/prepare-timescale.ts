// Fetches the embedded TimescaleDB for the tests. Ends with 1 and the reason when this machine cannot have it.
import { prepareTimescale } from '@candlecast/postgres';

try {
  await prepareTimescale((line) => console.error(line));
} catch (cause) {
  console.log(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = 1;
}
