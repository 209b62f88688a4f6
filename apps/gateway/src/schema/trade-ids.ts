import { MAX_PROOF_DAYS, type TradeIdProof } from '../market/prove-trade-ids.ts';
import { builder } from './builder.ts';

const TradeIdStateEnum = builder.enumType('TradeIdState', {
  description:
    'CONTIGUOUS: no trade can be missing between the candles. BROKEN: ids do not follow each other somewhere. UNKNOWN: some candles have ' +
    'no ids (requested and imported ones), there is none, or the range is too long to be compared.',
  values: ['CONTIGUOUS', 'BROKEN', 'UNKNOWN'] as const,
});

/** Proof by the exchange's own trade ids. */
export const TradeIdProofRef = builder.objectRef<TradeIdProof>('TradeIdProof').implement({
  description:
    'Whether the first trade id of every 1m candle with trades follows the last one of the candle with trades before it. Of at most ' +
    `${MAX_PROOF_DAYS} days. Neighbours across a hole are compared too: contiguous ids prove that nobody traded in it.`,
  fields: (t) => ({
    state: t.expose('state', { type: TradeIdStateEnum, description: 'The verdict.' }),
    candles: t.exposeInt('candles', { description: '1m candles with trades, or of which that is not known.' }),
    unknown: t.exposeInt('unknown', { description: 'Neighbours of which one has no ids.' }),
    breaks: t.exposeInt('breaks', { description: 'Neighbours whose ids do not follow each other.' }),
    breakTimes: t.field({
      type: ['DateTime'],
      description: 'Open times of the candles after the first ten breaks.',
      resolve: ({ breakTimes }) => [...breakTimes],
    }),
  }),
});
