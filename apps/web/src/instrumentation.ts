import { readWebSettings } from './server/config.ts';

/** Runs once when the server starts: settings that are wrong end it at once, with every problem named. */
export function register(): void {
  try {
    readWebSettings();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    // Through globalThis: Next.js also compiles this file for a runtime that has no `process.exit`, and warns of it.
    globalThis.process.exit(1);
  }
}
