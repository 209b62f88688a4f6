import { lstmContextBody } from '../models/nets/bodies.ts';
import { type NetModel, type NetSettings, quantileNet } from '../models/nets/quantile-net.ts';
import { createRandom } from '../models/random.ts';

/** What a trial of the search tried. */
export interface TrialSettings {
  readonly units: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** A trial and what it came to on the validation rows of the first fold, which no test row overlaps. */
export interface Trial extends TrialSettings {
  readonly name: string;
  readonly validationLoss: number;
  /** The loss of the reference on the same rows. */
  readonly baselineLoss: number;
  readonly bestEpoch: number;
}

const PREFIX = 'search-';
const UNITS = [16, 24, 32, 48] as const;
const DROPOUTS = [0.1, 0.2, 0.3] as const;
const DECAYS = [1e-2, 3e-2] as const;
const RATES = { least: 3e-5, most: 1e-3 };
const FIXED = { batch: 512, epochs: 8, patience: 3, windows: 50_000, seeds: 1, start: 'har-s' } as const;

/** Returns the names of the first `count` trials. */
export function trialNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${PREFIX}${index + 1}`);
}

/** Returns what a trial tries: drawn by its number, so that a longer search begins with the shorter one. Undefined for other names. */
export function findTrial(name: string): TrialSettings | undefined {
  const number = /^search-(\d{1,6})$/.exec(name)?.[1];
  if (number === undefined) return undefined;
  const random = createRandom(Number.parseInt(number, 10) * 7_919);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random.uniform() * values.length)] as T;
  return {
    units: pick(UNITS),
    dropout: pick(DROPOUTS),
    learningRate: RATES.least * (RATES.most / RATES.least) ** random.uniform(),
    weightDecay: pick(DECAYS),
  };
}

/** Returns the LSTM with context as a trial has it. */
export function trialModel(name: string, { units, dropout, learningRate, weightDecay }: TrialSettings): NetModel {
  const settings: NetSettings = { ...FIXED, learningRate, weightDecay };
  return quantileNet(name, `LSTM with context, ${units} units`, lstmContextBody(units, dropout), settings);
}

/** Returns the trials with what their fits found, best first. */
export function rankTrials(cards: ReadonlyMap<string, Readonly<Record<string, unknown>>>): Trial[] {
  const trials = [...cards].flatMap(([name, { nets }]) => {
    const settings = findTrial(name);
    const [net] = (nets ?? []) as readonly Pick<Trial, 'validationLoss' | 'baselineLoss' | 'bestEpoch'>[];
    if (!settings || !net) return [];
    return [{ name, ...settings, validationLoss: net.validationLoss, baselineLoss: net.baselineLoss, bestEpoch: net.bestEpoch }];
  });
  return trials.sort((a, b) => a.validationLoss - b.validationLoss);
}
