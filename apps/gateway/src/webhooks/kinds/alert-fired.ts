import { alertKey, toIso } from '@candlecast/domain';
import type { LogEventKind } from '../event-kind.ts';
import { isAmong } from './of-instrument.ts';

const TOPIC = 'alert.fired';

/** An alert of the webhook's owner has fired. */
export const alertFired: LogEventKind = {
  name: TOPIC,
  description: 'One of the owner’s alerts has fired, by symbol.',
  from: 'log',
  topic: TOPIC,
  keysOf: ({ owners }) => owners.map(alertKey),
  isFor: ({ owners, symbols }, event) =>
    event.topic === TOPIC && owners.includes(event.payload.owner) && isAmong(symbols, event.payload.instrumentId),
  toData(event) {
    if (event.topic !== TOPIC) return {};
    const { id, alertId, instrumentId, kind, note, at, crossed, value, level, reason } = event.payload;
    return { id, alertId, symbol: instrumentId, kind, note, at: toIso(at), crossed, value, level, reason };
  },
};
