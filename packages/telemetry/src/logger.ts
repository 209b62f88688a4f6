import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Returns a logger that writes one JSON object a line to standard output, with the service's name. */
export function createLogger(service: string, level: string): Logger {
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime });
}
