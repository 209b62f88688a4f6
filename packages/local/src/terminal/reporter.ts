import type { LocalEvent } from '../local-event.ts';
import type { LocalSystem } from '../start-local.ts';
import { createLiveReporter } from './live-reporter.ts';
import { createPlainReporter } from './plain-reporter.ts';

/** Tells the user what happens. */
export interface Reporter {
  onEvent(event: LocalEvent): void;
  /** Everything runs: where it is. */
  running(system: LocalSystem): void;
  stopping(): void;
  stopped(name: string): void;
  /** The start or the stop failed. */
  problem(message: string): void;
  end(): void;
}

/** Returns a reporter for a terminal, which rewrites lines, or for anything else, which gets one line for each thing. */
export function createReporter(stream: NodeJS.WriteStream): Reporter {
  return stream.isTTY ? createLiveReporter(stream) : createPlainReporter((line) => void stream.write(`${line}\n`));
}
