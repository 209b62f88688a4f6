import { ENSEMBLE } from '../evaluate/build-report.ts';
import type { LossTest } from '../evaluate/diebold-mariano.ts';
import type { ComparedJudgement, EvaluationReport, ModelReport } from '../evaluate/report.ts';
import { barSection } from './bar-section.ts';
import { table } from './table.ts';

type Cell = (judged: ComparedJudgement) => string;

const STARS = 0.05;

/** Writes a report as Markdown; `plots` are the names of the files beside it. */
export function toMarkdown(report: EvaluationReport, plots: readonly string[]): string {
  return [
    '# Evaluation of forecasts',
    '',
    `Made by \`${report.command}\`, seed ${report.seed}, feature schema ${report.featureSchema}, data ${report.data.hash.slice(0, 16)}.`,
    `Bars of ${report.data.interval} of ${report.data.symbols.join(', ')}; judged on ${report.tested.join(', ')}.`,
    '',
    ...(report.alarms.length > 0
      ? ['**Not to be published before these are explained:**', '', ...report.alarms.map((alarm) => `- ${alarm}`), '']
      : []),
    '## Folds',
    '',
    table(
      ['from', 'to', 'validation from', 'training', 'validation', 'test'],
      report.folds.map((fold) => [date(fold.from), date(fold.to), date(fold.validationFrom), fold.training, fold.validation, fold.test]),
    ),
    'Every model of a fold is fitted on outcomes that had matured before it, with an embargo of one longest horizon before validation and before test.',
    '',
    ...barSection(report),
    ...report.tested.flatMap((symbol) => symbolSections(report, symbol)),
    '## Canaries',
    '',
    `Nearest neighbour, direction over ${report.horizons.at(-1)}: ${percent(report.canaries.split.shuffled)} with shuffled windows, ${percent(report.canaries.split.purged)} in time order with a purge. The first figure is what a leak is worth; only the second is a result.`,
    '',
    `Trained on permuted futures, against the unconditional quantiles: ${report.canaries.permuted.map((test, h) => `${report.horizons[h]} z ${number(test.z, 1)}`).join(', ')}. Positive and significant would mean that the evaluation invents skill.`,
    '',
    ...importanceSection(report),
    ...searchSection(report),
    '## Left out',
    '',
    ...Object.entries(report.leftOut).map(([name, reason]) => `- ${name}: ${reason}`),
    '',
    '## Models',
    '',
    ...report.models.map(({ name, description }) => `- **${name}**: ${description}`),
    '',
    '## Plots',
    '',
    ...plots.map((name) => `![${name}](${name})`),
    '',
    'R² and MAPE on price levels are not shown: persistence has an R² above 0.99 and says nothing.',
    '',
  ].join('\n');
}

function symbolSections(report: EvaluationReport, symbol: string): string[] {
  const grid = (title: string, models: readonly ModelReport[], cell: Cell) => [
    `### ${title}`,
    '',
    table(
      ['model', ...report.horizons],
      models.map(({ name, symbols }) => [name, ...(symbols[symbol] ?? []).map(cell)]),
    ),
  ];
  const own = report.ensemble[symbol];
  const calling = report.models.filter(({ symbols }) => (symbols[symbol] ?? []).some(({ direction }) => direction.n > 0));
  return [
    `## ${symbol}`,
    '',
    ...grid(
      `Skill against the tuned EWMA, % (${symbol})`,
      report.models,
      ({ skill, beatsReference }) => `${number(100 * skill, 2)}${star(beatsReference)}`,
    ),
    `\\* better at p < ${STARS}, one-sided, Diebold–Mariano with Bartlett weights and the correction of Harvey, Leybourne and Newbold.`,
    '',
    ...grid('Against HAR-S: z', report.models, ({ beatsHarS }) => number(beatsHarS.z, 1)),
    ...grid('CRPS, bp', report.models, ({ crpsBp }) => number(crpsBp, 2)),
    ...grid('Tail skill (2.5 and 97.5 %), %', report.models, ({ tailSkill }) => number(100 * tailSkill, 2)),
    ...grid('Coverage of 80 / 90 / 95 %', report.models, ({ coverage }) =>
      coverage
        .slice(1)
        .map(({ share }) => number(100 * share, 1))
        .join(' / '),
    ),
    ...grid('Worst distance of a quantile from its level, points', report.models, ({ worstCalibration }) =>
      number(100 * worstCalibration, 1),
    ),
    ...grid(
      'Error of the median: ratio to persistence / to SES',
      report.models,
      ({ maeToPersistence, maeToSes }) => `${number(maeToPersistence, 4)} / ${number(maeToSes, 4)}`,
    ),
    ...grid('Interval score of the 90 % band, bp', report.models, ({ winklerBp }) => number(winklerBp, 1)),
    ...grid(
      'Direction right, % [95 % interval]; surest tenth',
      calling,
      ({ direction, surestDirection }) => `${share(direction)}; ${share(surestDirection)}`,
    ),
    ...grid('Brier skill of P(up), %', calling, ({ brierSkill }) => number(100 * brierSkill, 2)),
    ...grid('Months with positive skill, %', report.models, ({ positiveMonths }) => number(100 * positiveMonths, 0)),
    ...(own
      ? [
          '### The ensemble',
          '',
          table(
            ['', ...report.horizons],
            [
              ['p against the reference, Holm', ...own.holm.map((p) => number(p, 4))],
              ['location on, % of origins', ...own.openShares.map((open) => number(100 * open, 0))],
              ...Object.entries(own.without).map(([name, tests]) => [
                `worth of ${name}, % of CRPS (z)`,
                ...tests.map(
                  ({ meanDifference, z }, h) => `${number((1e6 * meanDifference) / crpsOf(report, symbol, h), 2)} (${number(z, 1)})`,
                ),
              ]),
            ],
          ),
          `All horizons at once: z ${number(own.allHorizons.reference.z, 1)} against the reference, ${number(own.allHorizons.harS.z, 1)} against HAR-S.`,
          '',
          `Whole paths inside the bands: ${percent(own.joint.pointwise95)} in the pointwise 95 % bands; ${percent(own.joint.joint80)} and ${percent(own.joint.joint90)} in those widened for 80 and 90 % (n ${own.joint.n}).`,
          '',
        ]
      : []),
    ...(report.ablations.length > 0
      ? grid(
          'Ablation: skill of the linear quantile head without a group, %',
          [...report.models.filter(({ name }) => name === 'linear-quantile'), ...report.ablations],
          ({ skill }) => number(100 * skill, 2),
        )
      : []),
  ];
}

function importanceSection(report: EvaluationReport): string[] {
  return Object.entries(report.fits).flatMap(([model, cards]) => {
    const found = cards.flatMap(({ importance }) => (importance ? [importance as Record<string, number[]>] : []));
    const [first] = found;
    if (!first) return [];
    const rows = Object.keys(first).map((group) => [
      group,
      ...report.horizons.map((_, h) => number((100 * found.reduce((sum, one) => sum + (one[group]?.[h] ?? 0), 0)) / found.length, 2)),
    ]);
    return [`## Permutation importance of ${model}: rise of CRPS, %`, '', table(['group', ...report.horizons], rows)];
  });
}

function searchSection({ search }: EvaluationReport): string[] {
  if (search.length === 0) return [];
  return [
    `## Search: ${search.length} trials, by their loss on the validation rows of the first fold`,
    '',
    table(
      ['trial', 'units', 'dropout', 'learning rate', 'weight decay', 'best epoch', 'better than the reference, %'],
      search.map((trial) => [
        trial.name,
        trial.units,
        trial.dropout,
        trial.learningRate.toExponential(1),
        trial.weightDecay,
        trial.bestEpoch,
        number(100 * (1 - trial.validationLoss / trial.baselineLoss), 2),
      ]),
    ),
  ];
}

function crpsOf(report: EvaluationReport, symbol: string, h: number): number {
  return report.models.find(({ name }) => name === ENSEMBLE)?.symbols[symbol]?.[h]?.crpsBp ?? Number.NaN;
}

function star({ z, p }: LossTest): string {
  return z > 0 && p < STARS ? '\\*' : '';
}

function share({ n, share: value, lower, upper }: ComparedJudgement['direction']): string {
  return n === 0 ? '—' : `${number(100 * value, 1)} [${number(100 * lower, 1)}, ${number(100 * upper, 1)}]`;
}

function percent(value: number): string {
  return `${number(100 * value, 1)} %`;
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '—';
}

function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
