import { LEAST_DAYS, PAPER_VERDICTS, type PaperVerdict } from '@candlecast/domain';
import { loadInstrument } from '../market/find-instruments.ts';
import { loadPaperRecord, type PaperRecordNode } from '../market/load-paper-record.ts';
import { builder } from './builder.ts';
import { NOT_ADVICE } from './signal.ts';
import { EstimateRef } from './skill.ts';

/** What a record costs, in rows: its trades are added up. */
const COST_ROWS = 500;

const PaperVerdictEnum = builder.enumType('PaperVerdict', {
  description:
    'What may be said of a paper record. GAIN: the whole interval of the mean lies above 0. NEITHER: it covers 0, so chance explains it. LOSS: it lies ' +
    `below 0. TOO_FEW: fewer than ${LEAST_DAYS} days with trades, from which nothing may be said.`,
  values: PAPER_VERDICTS,
});

const STATEMENTS: Readonly<Record<PaperVerdict, string>> = {
  GAIN: 'Following every signal gained after costs, beyond what chance explains',
  NEITHER: 'Neither gain nor loss can be told from chance',
  LOSS: 'Following every signal lost after costs, beyond what chance explains',
  TOO_FEW: 'Too few days with trades to say anything',
};

const PaperRecordRef = builder.objectRef<PaperRecordNode>('PaperRecord').implement({
  description:
    'What following every signal would have given, on paper. One position at a time: it begins at `refPrice` of a BUY or SELL and ends at the close at ' +
    '`targetTime`; signals that come while one is held are passed over. Both fees and the spread as they stand in the signal are paid. Late signals are ' +
    'not followed, missing ones are no position, and where no price came the position is void and counts for nothing. No slippage, no cost of borrowing, ' +
    'no limit on size: real trading does worse. Past results promise nothing, and are not financial advice.',
  fields: (t) => ({
    symbol: t.exposeID('symbol', { description: 'The instrument: "VENUE:SYMBOL".' }),
    horizon: t.expose('horizon', { type: 'Horizon', description: 'How long each position is held.' }),
    from: t.expose('from', { type: 'DateTime', nullable: true, description: '`asOf` of the first signal; null where there is none.' }),
    to: t.expose('to', { type: 'DateTime', nullable: true, description: 'Close of the newest candle; null where there is no signal.' }),
    trades: t.exposeInt('trades', { description: 'Positions that have ended with a price.' }),
    open: t.exposeInt('open', { description: 'Positions that have not ended, or wait for their price.' }),
    void: t.exposeInt('void', { description: 'Positions for whose end there is no price.' }),
    hitRate: t.expose('hitRate', { type: EstimateRef, nullable: true, description: 'Share of the trades that gained after costs.' }),
    meanNetBps: t.expose('meanNetBps', {
      type: EstimateRef,
      nullable: true,
      description: 'Mean return of a trade after costs, in basis points (hundredths of a per cent).',
    }),
    totalNetBps: t.expose('totalNetBps', {
      type: EstimateRef,
      description: 'Sum of the returns after costs of trades of the same stake, in basis points; 0 without a trade.',
    }),
    maxDrawdown: t.exposeFloat('maxDrawdown', {
      description: 'The deepest fall from its highest of an account that puts everything into each trade, 0 to 1, at the ends of trades.',
    }),
    buyAndHoldBps: t.exposeFloat('buyAndHoldBps', {
      nullable: true,
      description: 'What buying at `from` and holding to `to` would have given, after the costs of one trade, in basis points.',
    }),
    doNothingBps: t.float({ description: 'What doing nothing gave: 0, always.', resolve: () => 0 }),
    verdict: t.expose('verdict', { type: PaperVerdictEnum, description: 'What may be said of it.' }),
    statement: t.string({
      description: 'The same in one sentence.',
      resolve: ({ verdict, trades }) => `${STATEMENTS[verdict]} (${trades} ${trades === 1 ? 'trade' : 'trades'}).`,
    }),
    disclaimer: t.string({ description: 'What to show beside it.', resolve: () => NOT_ADVICE }),
  }),
});

builder.queryField('paperRecord', (t) =>
  t.field({
    type: PaperRecordRef,
    description: 'What following every signal of an instrument and horizon would have given, whatever it is. Not financial advice.',
    args: {
      symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
      horizon: t.arg({ type: 'Horizon', required: true, description: 'Of the signals, and how long each position is held.' }),
    },
    complexity: { field: COST_ROWS, multiplier: 0 },
    resolve: async (_, { symbol, horizon }, context) => loadPaperRecord(context, (await loadInstrument(context, symbol)).id, horizon),
  }),
);
