import { expectedEdgeBps, expectedMoveBps, type ForecastSignal, HORIZONS, roundTripBps, SIGNAL_ACTIONS } from '@candlecast/domain';
import { toAsOf } from '../market/as-of.ts';
import { loadInstruments } from '../market/find-instruments.ts';
import type { ForecastNode } from '../market/forecast-nodes.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { ForecastTimingEnum } from './enums.ts';
import { ModelRef } from './model.ts';

/** A signal beside the forecast that it is of. */
export interface SignalNode {
  readonly forecast: ForecastNode;
  readonly signal: ForecastSignal;
}

/** What stands on everything that could be taken for a recommendation. */
export const NOT_ADVICE =
  'Not financial advice. A signal says what a statistical model expects after stated costs; it may be wrong, and following it may lose money.';

const SignalActionEnum = builder.enumType('SignalAction', {
  description:
    'BUY or SELL: the side of the expected move, where more is expected than a trade costs. HOLD: it is not. Not financial advice.',
  values: SIGNAL_ACTIONS,
});

export const SignalRef = builder.objectRef<SignalNode>('Signal').implement({
  description:
    'What a forecast means for somebody who trades: |expected move| minus the costs of entering and leaving. Fixed in the ledger when the forecast ' +
    'was issued, with the costs that it reckons with. Not financial advice.',
  fields: (t) => ({
    symbol: t.id({ description: 'The instrument: "VENUE:SYMBOL".', resolve: ({ forecast }) => forecast.instrumentId }),
    horizon: t.field({ type: 'Horizon', description: 'How far ahead.', resolve: ({ forecast }) => forecast.horizon }),
    action: t.field({ type: SignalActionEnum, description: 'What it says.', resolve: ({ signal }) => signal.action }),
    expectedMoveBps: t.float({
      description: 'The median of the forecast as a log-return from `refPrice`, in basis points (hundredths of a per cent).',
      resolve: ({ forecast }) => expectedMoveBps(forecast.quantiles),
    }),
    costBps: t.float({
      description: 'Twice the fee and once the spread: what entering and leaving costs, in basis points.',
      resolve: ({ signal }) => roundTripBps(signal),
    }),
    edgeBps: t.float({
      description: '|expectedMoveBps| − costBps. Above 0 the action is BUY or SELL.',
      resolve: ({ forecast, signal }) => expectedEdgeBps(forecast.quantiles, signal),
    }),
    feeBps: t.float({ description: 'Fee of one trade, in basis points.', resolve: ({ signal }) => signal.feeBps }),
    spreadBps: t.float({ description: 'Ask minus bid, in basis points of the middle.', resolve: ({ signal }) => signal.spreadBps }),
    spreadAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the book with that spread was sampled; null where none was stored of the ten minutes before `asOf` and a default stands.',
      resolve: ({ signal }) => signal.spreadAt,
    }),
    rule: t.int({ description: 'Version of the rule by which the action follows from the rest.', resolve: ({ signal }) => signal.rule }),
    asOf: t.field({ type: 'DateTime', description: 'Close time of the last candle used.', resolve: ({ forecast }) => forecast.asOf }),
    issuedAt: t.field({
      type: 'DateTime',
      description: 'When it was stored, on the venue’s clock.',
      resolve: ({ forecast }) => forecast.issuedAt,
    }),
    targetTime: t.field({
      type: 'DateTime',
      description: 'What it is about; whoever follows it leaves then.',
      resolve: ({ forecast }) => forecast.targetTime,
    }),
    timing: t.field({
      type: ForecastTimingEnum,
      description: 'A late one is followed by nobody in `paperRecord`.',
      resolve: ({ forecast }) => forecast.timing,
    }),
    forecastId: t.id({ description: 'The forecast that it is of.', resolve: ({ forecast }) => forecast.id }),
    model: t.field({ type: ModelRef, description: 'What made the forecast.', resolve: ({ forecast }) => forecast.model }),
    disclaimer: t.string({ description: 'What to show beside it.', resolve: () => NOT_ADVICE }),
  }),
});

builder.queryField('signals', (t) =>
  t.field({
    type: [SignalRef],
    description:
      'The signals of the newest forecasts, those that `latestForecasts` shows: instruments in the order asked for, shortest horizon first. Forecasts ' +
      'without a signal are left out. Not financial advice.',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50.' }),
      horizons: t.arg({ type: ['Horizon'], description: 'Every horizon when absent.' }),
      asOf: t.arg({ type: AsOfInputRef, description: 'As they stood then.' }),
    },
    complexity: ({ symbols, horizons }) => ({ field: symbols.length * (horizons?.length ?? HORIZONS.length), multiplier: 0 }),
    resolve: async (_, { symbols, horizons, asOf: args }, context) => {
      const instruments = await loadInstruments(context, symbols);
      const venue = instruments[0]?.venue;
      const asOf = args && venue ? toAsOf(args, await context.venues.now(venue)) : undefined;
      const ids = instruments.map(({ id }) => id);
      const found = await context.forecasts.findLatestForecasts(ids, horizons ?? HORIZONS, asOf);
      return (await context.nodes.ofForecasts(found, asOf)).flatMap((forecast) => toSignalNode(forecast) ?? []);
    },
  }),
);

/** Returns the signal of a forecast; null for one from before signals were kept. */
export function toSignalNode(forecast: ForecastNode): SignalNode | null {
  return forecast.signal ? { forecast, signal: forecast.signal } : null;
}
