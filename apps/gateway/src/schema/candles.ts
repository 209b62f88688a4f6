import { toPageCursor } from '@candlecast/domain';
import { toCandleNode } from '../live/candle-stream.ts';
import { toAsOf } from '../market/as-of.ts';
import type { Certificate } from '../market/certify.ts';
import { certifyPage } from '../market/certify-page.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { loadCandlePage } from '../market/page-candles.ts';
import type { TradeIdProof } from '../market/prove-trade-ids.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { CandleRef } from './candle.ts';
import { FillEnum, GapReasonEnum } from './enums.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, toPageRequest } from './row-pages.ts';
import { TradeIdProofRef } from './trade-ids.ts';

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
      nodeNullable: true,
      description:
        'Exact candles, oldest first. `first`/`after` page forward from the beginning of the range, `last`/`before` backward from its end; ' +
        `without either the newest ${DEFAULT_PAGE_ROWS}. At most ${MAX_PAGE_ROWS} a page. The bucket that is still open comes last, \`isClosed: false\`.`,
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        interval: t.arg({ type: 'Interval', required: true, description: 'Length of a candle.' }),
        from: t.arg({ type: 'DateTime', description: 'First open time, inclusive; the beginning of what is stored when absent.' }),
        to: t.arg({ type: 'DateTime', description: 'End, exclusive; now when absent.' }),
        fill: t.arg({ type: FillEnum, defaultValue: 'NONE', description: 'What stands for a missing candle; pages then count buckets.' }),
        asOf: t.arg({ type: AsOfInputRef, description: 'A moment of the past.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const { take, limit, after, before } = toPageRequest(args, 'newest');
        const { interval } = args;
        const instrument = await loadInstrument(context, args.symbol);
        const asOf = toAsOf(args.asOf, await context.venues.now(instrument.venue));
        const now = asOf?.at ?? (await context.venues.now(instrument.venue));
        const page = await loadCandlePage(context.candles, {
          instrument,
          interval,
          from: args.from ?? undefined,
          to: args.to ?? undefined,
          after,
          before,
          limit,
          direction: take === 'oldest' ? 'forward' : 'backward',
          fill: args.fill ?? 'NONE',
          asOf,
          now,
        });
        const edges = page.buckets.map(({ openTime, candle }) => ({
          cursor: toPageCursor(openTime),
          openTime,
          node: candle && toCandleNode(candle, interval),
        }));
        const { hasNextPage, hasPreviousPage } = page;
        return {
          edges,
          pageInfo: { hasNextPage, hasPreviousPage, startCursor: edges[0]?.cursor, endCursor: edges.at(-1)?.cursor },
          certify: () => certifyPage(context, { instrument, interval, page, asOf, now }),
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
    {
      name: 'CandleEdge',
      fields: (t) => ({
        openTime: t.expose('openTime', {
          type: 'DateTime',
          description: 'Start of the bucket. `node` is null with `fill: NULL` where there is no candle.',
        }),
      }),
    },
  ),
);
