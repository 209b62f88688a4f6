import type {
  CandleClosedEvent,
  CandleCorrectionEvent,
  CandleSnapshotEvent,
  CandleUpdateEvent,
  ForecastIssuedEvent,
  ForecastResolvedEvent,
  StreamGapEvent,
  StreamHeartbeatEvent,
  StreamResetEvent,
} from '../live/stream-events.ts';
import { builder } from './builder.ts';
import { CandleRef } from './candle.ts';
import { GapReasonEnum } from './enums.ts';
import { ForecastRef } from './forecast.ts';
import { LedgerHeadRef } from './ledger-head.ts';

const SYMBOL = 'The instrument: "VENUE:SYMBOL".';
const INTERVAL = 'Interval of the subscription.';
const CURSOR = 'Resume exactly after this event with `after: cursor`.';

const CandleSnapshotRef = builder.objectRef<CandleSnapshotEvent>('CandleSnapshot').implement({
  description: 'The newest candles of one instrument, sent first. All snapshots of a subscription are true at the same place in the log.',
  fields: (t) => ({
    symbol: t.exposeID('symbol', { description: SYMBOL }),
    interval: t.expose('interval', { type: 'Interval', description: INTERVAL }),
    candles: t.expose('candles', { type: [CandleRef], description: 'Oldest first; the bucket that is still open is the last.' }),
    cursor: t.expose('cursor', { type: 'Cursor', description: 'Where to resume once every snapshot of the subscription has come.' }),
  }),
});

const CandleUpdateRef = builder.objectRef<CandleUpdateEvent>('CandleUpdate').implement({
  description:
    'The newest state of a candle that is still open. Latest only, at most one per `throttleMs` and instrument; it may come before its predecessor’s close.',
  fields: (t) => ({
    symbol: t.exposeID('symbol', { description: SYMBOL }),
    interval: t.expose('interval', { type: 'Interval', description: INTERVAL }),
    candle: t.expose('candle', { type: CandleRef, description: 'As it stands now.' }),
  }),
});

const CandleClosedRef = builder.objectRef<CandleClosedEvent>('CandleClosed').implement({
  description: 'A candle is finished and stored. Durable: every one, once, in order.',
  fields: (t) => ({
    symbol: t.exposeID('symbol', { description: SYMBOL }),
    interval: t.expose('interval', { type: 'Interval', description: INTERVAL }),
    candle: t.expose('candle', { type: CandleRef, description: 'Final.' }),
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
  }),
});

const CandleCorrectionRef = builder.objectRef<CandleCorrectionEvent>('CandleCorrection').implement({
  description: 'A closed candle has changed, or came late. Durable. Replace the one with the same open time.',
  fields: (t) => ({
    symbol: t.exposeID('symbol', { description: SYMBOL }),
    interval: t.expose('interval', { type: 'Interval', description: INTERVAL }),
    candle: t.expose('candle', { type: CandleRef, description: 'The values that hold from now on.' }),
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
  }),
});

const StreamGapRef = builder.objectRef<StreamGapEvent>('StreamGap').implement({
  description: 'Minutes are missing, or are no longer. Durable.',
  fields: (t) => ({
    symbol: t.exposeID('symbol', { description: SYMBOL }),
    interval: t.expose('interval', { type: 'Interval', description: INTERVAL }),
    from: t.expose('from', { type: 'DateTime', description: 'First missing minute.' }),
    to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
    reason: t.expose('reason', { type: GapReasonEnum, description: 'Why.' }),
    isResolved: t.exposeBoolean('isResolved', { description: 'True when the gap has been filled.' }),
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
  }),
});

export const StreamHeartbeatRef = builder.objectRef<StreamHeartbeatEvent>('StreamHeartbeat').implement({
  description: 'Sent when the snapshot or the events after a cursor are complete and live data begins, then after 15 s of silence.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: "The venue's time." }),
    cursor: t.expose('cursor', { type: 'Cursor', description: 'Everything up to here has been sent: resume after it.' }),
  }),
});

export const StreamResetRef = builder.objectRef<StreamResetEvent>('StreamReset').implement({
  description: 'The log has begun anew. The subscription ends after this: take a snapshot and go on from there.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'As in errors, CURSOR_EPOCH_MISMATCH.' }),
    message: t.exposeString('message', { description: 'The same in one sentence.' }),
  }),
});

const ForecastIssuedRef = builder.objectRef<ForecastIssuedEvent>('ForecastIssued').implement({
  description:
    'A forecast has been stored; in a replay also a HINDCAST, at its `asOf`, where none was. Durable: every one, once, in order.',
  fields: (t) => ({
    forecast: t.expose('forecast', { type: ForecastRef, description: 'What was said.' }),
    head: t.expose('head', {
      type: LedgerHeadRef,
      nullable: true,
      description:
        'The ledger after the transaction that stored it: keep one, and nobody can change what was said before it unseen. Null in events from before the ledger was chained, and of a HINDCAST.',
    }),
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
  }),
});

const ForecastResolvedRef = builder.objectRef<ForecastResolvedEvent>('ForecastResolved').implement({
  description: 'The target time of a forecast has passed and what came of it is stored. Durable: every one, once, in order.',
  fields: (t) => ({
    forecast: t.expose('forecast', { type: ForecastRef, description: 'What was said, with its resolution.' }),
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
  }),
});

export const CandleEventRef = builder.unionType('CandleEvent', {
  description: 'What a candle subscription sends.',
  types: [CandleSnapshotRef, CandleUpdateRef, CandleClosedRef, CandleCorrectionRef, StreamGapRef, StreamHeartbeatRef, StreamResetRef],
  resolveType: ({ __typename }) => __typename,
});

export const ForecastEventRef = builder.unionType('ForecastEvent', {
  description: 'What a forecast subscription sends.',
  types: [ForecastIssuedRef, ForecastResolvedRef, StreamGapRef, StreamHeartbeatRef, StreamResetRef],
  resolveType: ({ __typename }) => __typename,
});
