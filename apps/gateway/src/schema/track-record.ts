import { AppError, splitInstrumentId, type TrackRecord } from '@candlecast/domain';
import { toAsOf } from '../market/as-of.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { loadTrackRecord, type TrackRecords } from '../market/load-track-record.ts';
import { TRACK_WINDOWS, type TrackWindow } from '../market/track-window.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { DISCLAIMER } from './forecast.ts';
import { ModelRef } from './model.ts';
import { toModelId } from './model-id.ts';
import { EstimateRef, SkillRef } from './skill.ts';

const WINDOW_NAMES = Object.keys(TRACK_WINDOWS) as TrackWindow[];
/** What a record costs, in rows: it is added up from days. */
const COST_ROWS = 100;

const TrackRecordWindowEnum = builder.enumType('TrackRecordWindow', {
  description: 'How far a record reaches back, by the UTC days on which forecasts were scored, today included.',
  values: WINDOW_NAMES,
});

const CoverageRef = builder.objectRef<TrackRecord['coverage'][number]>('Coverage').implement({
  description: 'How often the price fell into the band of a level. An honest band of 90 % holds it nine times of ten, not more.',
  fields: (t) => ({
    level: t.exposeFloat('level', { description: 'How often it should.' }),
    share: t.exposeFloat('value', { description: 'How often it did.' }),
    lower: t.exposeFloat('lower', { nullable: true, description: 'Lower bound of the interval of 95 %; null below ten days.' }),
    upper: t.exposeFloat('upper', { nullable: true, description: 'Upper bound; null below ten days.' }),
  }),
});

const HorizonRecordRef = builder.objectRef<TrackRecord>('HorizonRecord').implement({
  description: 'How a model did at one horizon.',
  fields: (t) => ({
    horizon: t.expose('horizon', { type: 'Horizon', description: 'How far ahead.' }),
    n: t.int({ description: 'Forecasts that were resolved with a price.', resolve: ({ resolved }) => resolved }),
    onTime: t.exposeInt('onTime', { description: 'Of them, those that were stored in time.' }),
    late: t.exposeInt('late', { description: 'Of them, those that were late: they are scored as the baseline.' }),
    void: t.exposeInt('void', { description: 'Forecasts for whose target time there is no price.' }),
    missing: t.exposeInt('missing', {
      description:
        'Forecasts that were due and never issued since the model began: they count as the baseline, and draw the skill towards 0.',
    }),
    waiting: t.exposeInt('waiting', { description: 'Forecasts whose target time has passed and that wait for their price.' }),
    skill: t.expose('skill', { type: SkillRef, nullable: true, description: 'Against the baseline; null without a score.' }),
    coverage: t.expose('coverage', { type: [CoverageRef], description: 'Of the bands of 50, 80, 90 and 95 %.' }),
    maeRatio: t.expose('maeRatio', {
      type: EstimateRef,
      nullable: true,
      description: 'Error of the median over that of saying the price stays the same, each as a fraction of `refPrice`. Below 1 is better.',
    }),
    calls: t.exposeInt('calls', { description: 'Forecasts with a direction, of prices that moved.' }),
    hitRate: t.expose('hitRate', { type: EstimateRef, nullable: true, description: 'Share of the calls whose direction came.' }),
    brier: t.exposeFloat('brier', { nullable: true, description: 'Mean of (pUp − what came)² over the calls; 0.25 is that of a coin.' }),
  }),
});

const TrackRecordRef = builder.objectRef<TrackRecords>('TrackRecord').implement({
  description: 'What a model’s forecasts came to, all of them. Past results promise nothing, and are not financial advice.',
  fields: (t) => ({
    model: t.expose('model', { type: ModelRef, nullable: true, description: 'Whose record; null where no model has issued.' }),
    from: t.expose('from', { type: 'DateTime', description: 'Scored from here on.' }),
    to: t.expose('to', { type: 'DateTime', description: 'Up to here.' }),
    horizons: t.expose('horizons', {
      type: [HorizonRecordRef],
      description: 'Shortest first; without `horizon` those that have anything to tell.',
    }),
    disclaimer: t.string({ description: 'What to show beside it.', resolve: () => DISCLAIMER }),
  }),
});

builder.queryField('trackRecord', (t) =>
  t.field({
    type: TrackRecordRef,
    description: 'The record of a model over all forecasts of a window. Late and missing ones count against it.',
    args: {
      symbol: t.arg.id({ description: 'Instrument; every one of the running venue when absent.' }),
      modelId: t.arg.id({
        description:
          'Whose record, with the earlier versions of its name; that of the model which `latestForecasts` shows first when absent.',
      }),
      horizon: t.arg({ type: 'Horizon', description: 'Every one when absent.' }),
      window: t.arg({ type: TrackRecordWindowEnum, required: true, description: 'How far back.' }),
      asOf: t.arg({ type: AsOfInputRef, description: 'The record as it stood then.' }),
    },
    complexity: { field: COST_ROWS, multiplier: 0 },
    resolve: async (_, args, context) => {
      const instrument = args.symbol == null ? undefined : await loadInstrument(context, args.symbol);
      const venue = instrument?.venue ?? (await context.venues.findRunning());
      if (!venue) throw new AppError('NOT_FOUND', 'no venue has run yet: name an instrument');
      const modelId = toModelId(args.modelId);
      if (modelId !== undefined && !(await context.forecasts.findModel(modelId))) {
        throw new AppError('NOT_FOUND', `there is no model ${modelId}`);
      }
      const now = await context.venues.now(venue);
      return loadTrackRecord(context, {
        venue,
        symbol: instrument && splitInstrumentId(instrument.id).symbol,
        modelId,
        horizon: args.horizon ?? undefined,
        window: args.window,
        now,
        asOf: toAsOf(args.asOf, now),
      });
    },
  }),
);
