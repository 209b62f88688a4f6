import { AppError, toPageCursor } from '@candlecast/domain';
import { toCandleNode } from '../live/candle-stream.ts';
import { type Certificate, certify } from '../market/certify.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { loadCandlePage } from '../market/page-candles.ts';
import { proveTradeIds, type TradeIdProof } from '../market/prove-trade-ids.ts';
import { builder } from './builder.ts';
import { CandleRef } from './candle.ts';
import { GapReasonEnum } from './enums.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';
import { TradeIdProofRef } from './trade-ids.ts';

const DEFAULT_PAGE_ROWS = 100;
/** What the comparison of trade ids costs, in rows: it reads the minutes of the span and answers with a few numbers. */
const TRADE_IDS_COST = 200;

const CertificateGapRef = builder.objectRef<Certificate['gaps'][number]>('CertificateGap').implement({
  description: 'A range without candles and why.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'First missing minute.' }),
    to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
    reason: t.expose('reason', { type: GapReasonEnum, description: 'Why.' }),
  }),
});

const CertificateRef = builder.objectRef<Certificate & { readonly tradeIds: () => Promise<TradeIdProof> }>('Certificate').implement({
  description:
    'What a page can prove: how many closed candles its span must hold and how many it does. The span reaches from `from` (or the page’s ' +
    'first candle) to `to` (or the page’s last, or now). The newest candle counts once it is stored or a minute overdue.',
  fields: (t) => ({
    expected: t.exposeInt('expected', { description: 'Closed candles that the span must hold.' }),
    present: t.exposeInt('present', { description: 'Closed candles on the page.' }),
    missing: t.exposeInt('missing', { description: 'expected − present.' }),
    coverage: t.expose('coverage', { type: 'Decimal', description: 'present ÷ expected, six decimals; 1 when nothing is expected.' }),
    gaps: t.expose('gaps', { type: [CertificateGapRef], description: 'The known holes of 1m candles in the span, oldest first.' }),
    tradeIds: t.field({
      type: TradeIdProofRef,
      description: 'Whether a trade can be missing in the span, by the exchange’s trade ids.',
      complexity: TRADE_IDS_COST,
      resolve: ({ tradeIds }) => tradeIds(),
    }),
  }),
});

builder.queryField('candles', (t) =>
  t.connection(
    {
      type: CandleRef,
      description:
        'Exact candles, oldest first. `first`/`after` page forward from the beginning of the range, `last`/`before` backward from its end; ' +
        `without either the newest ${DEFAULT_PAGE_ROWS}. At most ${MAX_PAGE_ROWS} a page. The bucket that is still open comes last, \`isClosed: false\`.`,
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        interval: t.arg({ type: 'Interval', required: true, description: 'Length of a candle.' }),
        from: t.arg({ type: 'DateTime', description: 'First open time, inclusive; the beginning of what is stored when absent.' }),
        to: t.arg({ type: 'DateTime', description: 'End, exclusive; now when absent.' }),
      },
      complexity: ({ first, last }) => ({ field: first ?? last ?? DEFAULT_PAGE_ROWS, multiplier: 0 }),
      resolve: async (_, args, context) => {
        const { first, last } = args;
        if (first != null && last != null) throw new AppError('BAD_USER_INPUT', 'give first or last, not both: a page has one direction');
        const direction = first != null ? 'forward' : 'backward';
        const limit = toPageSize(direction === 'forward' ? 'first' : 'last', first ?? last ?? DEFAULT_PAGE_ROWS);
        const instrument = await loadInstrument(context, args.symbol);
        const now = await context.venues.now(instrument.venue);
        const page = await loadCandlePage(context.candles, {
          instrument,
          interval: args.interval,
          from: args.from ?? undefined,
          to: args.to ?? undefined,
          after: args.after ?? undefined,
          before: args.before ?? undefined,
          limit,
          direction,
          now,
        });
        const edges = page.candles.map((candle) => ({
          cursor: toPageCursor(candle.openTime),
          node: toCandleNode(candle, args.interval),
        }));
        return {
          edges,
          pageInfo: {
            hasNextPage: page.hasNextPage,
            hasPreviousPage: page.hasPreviousPage,
            startCursor: edges[0]?.cursor,
            endCursor: edges.at(-1)?.cursor,
          },
          certify: async () => ({
            ...certify({
              ...page,
              interval: args.interval,
              recorded: await context.candles.findGaps(instrument.id, page.span),
              watermark: instrument.watermark,
              now,
            }),
            tradeIds: () => proveTradeIds(context.quality, instrument.id, page.span),
          }),
        };
      },
    },
    {
      name: 'CandleConnection',
      fields: (t) => ({
        certificate: t.field({
          type: CertificateRef,
          description: 'How complete the page is.',
          resolve: ({ certify }) => certify(),
        }),
      }),
    },
    { name: 'CandleEdge' },
  ),
);
