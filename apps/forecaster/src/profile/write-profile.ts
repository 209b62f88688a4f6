import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toIso } from '@candlecast/domain';
import { toSvg } from '../reports/svg-chart.ts';
import type { PairProfile } from './profile-pair.ts';

const SHOWN_RUNS = 20;
const SHOWN_SHIFTS = 15;

/** Writes a profile into a folder, which is made when it is not there: `SYMBOL.md`, `SYMBOL.json` and plots. Returns the path of the first. */
export async function writeProfile(dir: string, profile: PairProfile): Promise<string> {
  await mkdir(dir, { recursive: true });
  const plots = drawProfile(profile);
  for (const [name, svg] of plots) await writeFile(join(dir, name), svg);
  await writeFile(join(dir, `${profile.symbol}.json`), `${JSON.stringify(profile)}\n`);
  const path = join(dir, `${profile.symbol}.md`);
  await writeFile(path, toProfileMarkdown(profile, [...plots.keys()]));
  return path;
}

/** Writes a profile as Markdown; `plots` are the names of the files beside it. */
export function toProfileMarkdown(profile: PairProfile, plots: readonly string[]): string {
  const missing = profile.missingRuns.reduce((sum, { bars }) => sum + bars, 0);
  const longest = [...profile.missingRuns].sort((a, b) => b.bars - a.bars).slice(0, SHOWN_RUNS);
  return [
    `# ${profile.symbol}`,
    '',
    `${profile.bars} bars from ${toIso(profile.from)} to ${toIso(profile.to)}; ${missing} missing in ${profile.missingRuns.length} runs.`,
    '',
    '## Missing values among the bars that are there',
    '',
    ...Object.entries(profile.missingValues).map(([column, count]) => `- ${column}: ${count}`),
    '',
    '## Longest runs of missing bars',
    '',
    ...(longest.length === 0 ? ['None.'] : longest.map(({ from, bars }) => `- ${toIso(from)}: ${bars}`)),
    '',
    '## Features that moved most from the first three quarters to the last',
    '',
    '| feature | stability index | Kolmogorov–Smirnov |',
    '| --- | --- | --- |',
    ...profile.shifts
      .slice(0, SHOWN_SHIFTS)
      .map(({ feature, stability, distance }) => `| ${feature} | ${stability.toFixed(3)} | ${distance.toFixed(3)} |`),
    '',
    ...plots.map((name) => `![${name}](${name})`),
    '',
  ].join('\n');
}

function drawProfile({ symbol, days, decomposition, hours }: PairProfile): Map<string, string> {
  const byDay = (values: readonly number[]) => values.map((value, index) => [index, value] as const);
  const line = (title: string, yLabel: string, label: string, values: readonly number[]) =>
    toSvg({ title: `${symbol}: ${title}`, xLabel: 'day', yLabel, series: [{ label, points: byDay(values) }] });
  return new Map([
    [
      `${symbol}-price.svg`,
      line(
        'close by day',
        'price',
        'close',
        days.map(({ close }) => close),
      ),
    ],
    [
      `${symbol}-volume.svg`,
      line(
        'base volume by day',
        'base asset',
        'volume',
        days.map(({ baseVolume }) => baseVolume),
      ),
    ],
    [
      `${symbol}-volatility.svg`,
      line(
        'volatility by day',
        'log return',
        'volatility',
        days.map(({ volatility }) => volatility),
      ),
    ],
    [
      `${symbol}-missing.svg`,
      line(
        'missing bars by day',
        'bars',
        'missing',
        days.map(({ missingBars }) => missingBars),
      ),
    ],
    [
      `${symbol}-decomposition.svg`,
      toSvg({
        title: `${symbol}: log close and its trend`,
        xLabel: 'day',
        yLabel: 'log price',
        series: [
          { label: 'log close', points: byDay(days.map(({ close }) => Math.log(close))) },
          { label: 'trend', points: byDay(decomposition.trend) },
        ],
      }),
    ],
    [`${symbol}-rest.svg`, line('what trend and weekday leave', 'log return', 'rest', decomposition.rest)],
    [
      `${symbol}-hours.svg`,
      toSvg({
        title: `${symbol}: volatility by hour beside the mean`,
        xLabel: 'hour, UTC',
        yLabel: 'ratio',
        series: [{ label: 'ratio', points: byDay(hours) }],
      }),
    ],
  ]);
}
