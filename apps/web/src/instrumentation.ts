import { readWebSettings } from './server/config.ts';

/** Runs once when the server starts: settings that are wrong end it at once, with every problem named. */
export function register(): void {
  readWebSettings();
}
