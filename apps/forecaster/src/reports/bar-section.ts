import { type Horizon, horizonMs } from '@candlecast/domain';
import { CALIBRATED, ENSEMBLE } from '../evaluate/build-report.ts';
import type { ComparedJudgement, EvaluationReport } from '../evaluate/report.ts';
import { lstmContext } from '../models/ladder/ladder.ts';
import { table } from './table.ts';

/** Something that is asked of a model over horizons of up to some hours. */
interface Claim {
  readonly text: string;
  readonly model: string;
  readonly longest: Horizon;
  readonly isMet: (judged: ComparedJudgement) => boolean;
  readonly shown: (judged: ComparedJudgement) => string;
}

const P = 0.05;
const POINTS = 1.5;

/** p of HAR-S losing more, one-sided, is `beatsHarS.p`; of losing less, the rest of it. */
const isNotBelowHarS = ({ beatsHarS }: ComparedJudgement) => 1 - beatsHarS.p >= P;
const zOfHarS = ({ beatsHarS }: ComparedJudgement) => `z ${beatsHarS.z.toFixed(1)}`;
const widest = ({ coverage }: ComparedJudgement) => Math.max(...coverage.slice(1).map(({ band, share }) => Math.abs(100 * share - band)));

const CLAIMS: readonly Claim[] = [
  {
    text: `Skill of the ${ENSEMBLE} above 0 with p < ${P}`,
    model: ENSEMBLE,
    longest: '12h',
    isMet: ({ skill, beatsReference }) => skill > 0 && beatsReference.p < P,
    shown: ({ skill, beatsReference }) => `${(100 * skill).toFixed(2)} %, z ${beatsReference.z.toFixed(1)}`,
  },
  { text: `The ${ENSEMBLE} not below HAR-S with p < ${P}`, model: ENSEMBLE, longest: '24h', isMet: isNotBelowHarS, shown: zOfHarS },
  {
    text: `${lstmContext.name} not below HAR-S with p < ${P}`,
    model: lstmContext.name,
    longest: '4h',
    isMet: isNotBelowHarS,
    shown: zOfHarS,
  },
  ...[ENSEMBLE, CALIBRATED].map((model) => ({
    text: `Coverage of 80 / 90 / 95 % by the ${model} within ${POINTS} points; worst`,
    model,
    longest: '24h' as const,
    isMet: (judged: ComparedJudgement) => widest(judged) <= POINTS,
    shown: (judged: ComparedJudgement) => widest(judged).toFixed(1),
  })),
];

/** Says of each thing that is asked of the models whether it is met, horizon by horizon; where nothing is asked, what was found. */
export function barSection(report: EvaluationReport): string[] {
  const rows = CLAIMS.flatMap(({ text, model, longest, isMet, shown }) =>
    report.tested.map((symbol) => [
      `${text} (${symbol})`,
      ...(report.models.find(({ name }) => name === model)?.symbols[symbol] ?? []).map((judged, h) => {
        const isAsked = horizonMs(report.horizons[h] as Horizon) <= horizonMs(longest);
        if (!isAsked) return `not asked: ${shown(judged)}`;
        return `${isMet(judged) ? 'met' : '**missed**'}: ${shown(judged)}`;
      }),
    ]),
  );
  const overall = [ENSEMBLE, CALIBRATED].map((model) => coverageLine(report, model));
  return ['## What is asked', '', table(['', ...report.horizons], rows), ...overall, ''];
}

function coverageLine({ models, tested }: EvaluationReport, model: string): string {
  const all = tested.flatMap((symbol) => models.find(({ name }) => name === model)?.symbols[symbol] ?? []);
  const shares = (all[0]?.coverage ?? []).slice(1).map(({ band }, index) => {
    const share = (100 * all.reduce((sum, { coverage }) => sum + (coverage[index + 1]?.share ?? Number.NaN), 0)) / all.length;
    return `${share.toFixed(1)} % in the ${band} % bands (${Math.abs(share - band) <= POINTS ? 'met' : '**missed**'})`;
  });
  return `Over all instruments and horizons the ${model} held ${shares.join(', ')}.`;
}
