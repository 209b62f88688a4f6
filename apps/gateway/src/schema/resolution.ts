import { AppError, BANDS, type Resolution } from '@candlecast/domain';
import { builder } from './builder.ts';
import { GapReasonEnum } from './enums.ts';

const LEVELS = BANDS.map((band) => band / 100).join(', ');

export const ResolutionRef = builder.objectRef<Resolution>('ForecastResolution').implement({
  description: 'What came of a forecast. Written once, when its target time has passed, and never changed.',
  fields: (t) => ({
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', description: "When, on the venue's clock." }),
    actual: t.expose('actual', {
      type: 'Decimal',
      nullable: true,
      description: 'Close of the candle that ends at `targetTime`; null when the forecast is void.',
    }),
    voidReason: t.expose('voidReason', {
      type: GapReasonEnum,
      nullable: true,
      description: 'Why there was no such candle a day later: the forecast is void and counts for nothing.',
    }),
    isReference: t.boolean({
      nullable: true,
      description: 'True when the forecast was late and is scored as its baseline, whatever it said.',
      resolve: ({ score }) => score?.isReference,
    }),
    hit: t.boolean({
      nullable: true,
      description: 'Whether the likelier direction came; null without a call, when the price did not move, and for a late one.',
      resolve: ({ score }) => score?.hit,
    }),
    inBand: t.boolean({
      nullable: true,
      description: 'Whether the price fell into the band of that level.',
      args: {
        level: t.arg.float({ defaultValue: 0.9, description: `One of ${LEVELS}.` }),
        calibrated: t.arg.boolean({ description: 'Into the band of the calibrated quantiles; null where there are none.' }),
      },
      resolve: ({ score }, { level, calibrated }) => {
        const band = BANDS.find((one) => one / 100 === level);
        if (band === undefined) throw new AppError('BAD_USER_INPUT', `level is ${level}, it must be one of ${LEVELS}`);
        const narrowest = calibrated ? score?.bandCalibrated : score?.band;
        return narrowest == null ? null : narrowest <= band;
      },
    }),
    absErr: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Distance of the price from the median.',
      resolve: ({ score }) => score?.absErr,
    }),
    absErrNaive: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Distance of the price from `refPrice`: the error of saying that it stays the same.',
      resolve: ({ score }) => score?.absErrNaive,
    }),
    logReturn: t.float({ nullable: true, description: 'Log-return that came.', resolve: ({ score }) => score?.logReturn }),
    crps: t.float({
      nullable: true,
      description:
        'Continuous ranked probability score in log-return: twice the mean pinball loss over the nine levels. Smaller is better.',
      resolve: ({ score }) => score?.crps,
    }),
    crpsBaseline: t.float({ nullable: true, description: 'The same of the baseline.', resolve: ({ score }) => score?.crpsReference }),
    crpsCalibrated: t.float({
      nullable: true,
      description: 'The same of the calibrated quantiles; null where there are none.',
      resolve: ({ score }) => score?.crpsCalibrated,
    }),
    scorer: t.int({ nullable: true, description: 'Version of the rules of scoring.', resolve: ({ score }) => score?.scorer }),
  }),
});
