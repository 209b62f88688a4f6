import type { Decimal, Quantile } from '@candlecast/domain';
import { FORECAST_KINDS, type ForecastNode, SKILL_DAYS } from '../market/forecast-nodes.ts';
import { builder } from './builder.ts';
import { ForecastTimingEnum } from './enums.ts';
import { ModelRef } from './model.ts';
import { ResolutionRef } from './resolution.ts';
import { SignalRef, toSignalNode } from './signal.ts';
import { SkillRef } from './skill.ts';

export const DISCLAIMER = 'Not financial advice. A forecast is a statement of a statistical model about the future; it may be wrong.';

/** A quantile, and the same after calibration. */
type QuantileNode = Quantile & { readonly calibrated: Decimal | null };

const QuantileRef = builder.objectRef<QuantileNode>('Quantile').implement({
  description: 'The price stays below `value` with probability `level`.',
  fields: (t) => ({
    level: t.exposeFloat('level', { description: '0 to 1.' }),
    value: t.expose('value', { type: 'Decimal', description: 'Price, with the decimals of the reference price.' }),
    calibrated: t.expose('calibrated', {
      type: 'Decimal',
      nullable: true,
      description:
        'The price after calibration: its distance from the median scaled by what came of this model’s earlier forecasts for this instrument and horizon. ' +
        'Fixed when the forecast was issued; null where too little had matured then.',
    }),
    logReturn: t.exposeFloat('logReturn', { description: 'Log-return from the reference price, natural units.' }),
  }),
});

const BaselineKindEnum = builder.enumType('BaselineKind', {
  description:
    'EWMA_NORMAL: the last price is the median, and a normal distribution of log-returns lies around it, as wide as recent moves were.',
  values: ['EWMA_NORMAL'] as const,
});

const BaselineRef = builder.objectRef<{ readonly node: ForecastNode; readonly sigma: number }>('ForecastBaseline').implement({
  description: 'What the forecast is judged against: a simple rule at the same `asOf`.',
  fields: (t) => ({
    kind: t.field({ type: BaselineKindEnum, description: 'Which rule.', resolve: () => 'EWMA_NORMAL' as const }),
    value: t.field({ type: 'Decimal', description: 'Its median: the last price.', resolve: ({ node }) => node.refPrice }),
    sigma: t.exposeFloat('sigma', {
      description:
        'Standard deviation of its log-return over the horizon, natural units: a quantile is that of the standard normal times this.',
    }),
  }),
});

export const ForecastKindEnum = builder.enumType('ForecastKind', {
  description:
    'ISSUED: said before the fact, in the ledger. HINDCAST: what a model would have said then, made after the fact by one whose training ended before ' +
    '`asOf`; in no ledger, never scored, never counted.',
  values: FORECAST_KINDS,
});

export const ForecastRef = builder.objectRef<ForecastNode>('Forecast').implement({
  description:
    'What a model said, before the fact, about the price at `targetTime`, given the candles that closed by `asOf`; or, as a HINDCAST, would have said.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Stable id.' }),
    kind: t.expose('kind', { type: ForecastKindEnum, description: 'Whether it was said then. Show it beside the forecast.' }),
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    horizon: t.expose('horizon', { type: 'Horizon', description: 'How far ahead.' }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'Close time of the last candle used.' }),
    targetTime: t.expose('targetTime', { type: 'DateTime', description: '`asOf` plus the horizon.' }),
    issuedAt: t.expose('issuedAt', {
      type: 'DateTime',
      description: "When it was stored, on the venue's clock; of a HINDCAST, which was not, `asOf`.",
    }),
    timing: t.expose('timing', { type: ForecastTimingEnum, description: 'Whether it was stored in time; a HINDCAST is LATE.' }),
    refPrice: t.expose('refPrice', { type: 'Decimal', description: 'Close of the last candle used.' }),
    pUp: t.exposeFloat('pUp', { description: 'Probability that the price at `targetTime` is above `refPrice`.' }),
    quantiles: t.field({
      type: [QuantileRef],
      description: 'Of the price at `targetTime`, upwards.',
      resolve: ({ quantiles, calibration }) =>
        quantiles.map((quantile, index) => ({ ...quantile, calibrated: calibration?.values[index] ?? null })),
    }),
    calibratedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the table was made by which the quantiles were calibrated, from what had matured before; null where they were not.',
      resolve: ({ calibration }) => calibration?.madeAt,
    }),
    model: t.expose('model', { type: ModelRef, description: 'What made it.' }),
    inputHash: t.exposeString('inputHash', {
      description: 'SHA-256 of the exact input of the model, which is stored; of a HINDCAST, of what its model was trained on.',
    }),
    codeVersion: t.exposeString('codeVersion', {
      nullable: true,
      description: 'Which program made it; null for entries from before this was kept.',
    }),
    baseline: t.field({
      type: BaselineRef,
      nullable: true,
      description: 'What it is judged against; null for entries from before this was kept.',
      resolve: (node) => node.reference && { node, sigma: node.reference.sigma },
    }),
    signal: t.field({
      type: SignalRef,
      nullable: true,
      description: 'What it means after the costs of a trade; null for entries from before this was kept. Not financial advice.',
      resolve: toSignalNode,
    }),
    ledgerSeq: t.exposeInt('ledgerSeq', { description: 'Place in the ledger of its venue: 1, 2, 3 …; 0 of a HINDCAST, which has none.' }),
    prevHash: t.exposeString('prevHash', { description: 'Hash of the entry before; empty for a HINDCAST.' }),
    hash: t.exposeString('hash', {
      description:
        'SHA-256 of the entry’s text, in which `prevHash` stands: how to make it again is in docs/forecasts.md. Empty for a HINDCAST.',
    }),
    resolution: t.field({
      type: ResolutionRef,
      nullable: true,
      description: 'What came of it; null until its target time has passed and its candle is there, and of a HINDCAST.',
      resolve: (node) => node.loadResolution(),
    }),
    skill: t.field({
      type: SkillRef,
      nullable: true,
      description:
        `Skill of this model for this instrument and horizon over the last ${SKILL_DAYS} days; null without a score. ` +
        'Forecasts that are missing are counted in `trackRecord` only.',
      resolve: (node) => node.loadSkill(),
    }),
    disclaimer: t.string({ description: 'What to show beside it.', resolve: () => DISCLAIMER }),
  }),
});
