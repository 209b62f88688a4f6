import { toIso } from '@candlecast/domain';
import type { LogEventKind } from '../event-kind.ts';
import { isAmong } from './of-instrument.ts';

const TOPIC = 'gap.recorded';

/** Minutes are missing. */
export const gapRecorded: LogEventKind = {
  name: TOPIC,
  description: 'Minutes of a series are missing, with the reason.',
  from: 'log',
  topic: TOPIC,
  keysOf: ({ symbols }) => (symbols.length === 0 ? undefined : symbols),
  isFor: ({ symbols }, event) => event.topic === TOPIC && isAmong(symbols, event.payload.instrumentId),
  toData(event) {
    if (event.topic !== TOPIC) return {};
    const { instrumentId, from, to, reason } = event.payload;
    return { symbol: instrumentId, from: toIso(from), to: toIso(to), reason };
  },
};
