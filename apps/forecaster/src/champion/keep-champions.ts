import {
  addMs,
  type ChampionChange,
  type ChampionReason,
  type ChampionStore,
  type EpochMs,
  HOUR_MS,
  type Horizon,
  horizonMs,
  type Model,
  type NewChampionChange,
  type PairedOrigin,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { SERVED_HORIZONS } from '../features/feature-schema.ts';
import { FALLBACK_NAMES, isFresh, JUDGED_INSTRUMENTS, JUDGED_MS, PROBATION_MS, ROLLBACK_LEVEL, speaksOf } from './champion-rules.ts';
import { comparePooled, judgeChallenger, type Verdict } from './judge-challenger.ts';
import type { ChampionMetrics } from './metrics.ts';

/** What keeping champions needs of the world. */
export interface ChampionPorts {
  readonly store: ChampionStore;
  /** The newest version of each name that the venue has, baselines included. */
  findNewest(): Promise<ReadonlyMap<string, Model>>;
  readonly metrics: Pick<ChampionMetrics, 'changes' | 'verdicts'>;
  readonly logger: Logger;
}

/** Decides who forecasts what. Deciding again at the same time changes nothing. */
export interface ChampionKeeper {
  /** Installs where there is none, expires what is too old, takes back what has decayed. */
  check(now: EpochMs): Promise<void>;
  /** Judges every challenger on the last 90 days and promotes the best of those that fulfil the rule; returns the verdicts by name. */
  judge(now: EpochMs): Promise<ReadonlyMap<string, Verdict>>;
}

interface Decision {
  readonly name: string;
  readonly reason: ChampionReason;
  readonly decidedBy: string;
  readonly figures: Readonly<Record<string, number>>;
}

const HAR_S = 'har-s';
const LONGEST_MS = Math.max(...SERVED_HORIZONS.map(horizonMs));

/** Returns the keeper of a venue's champions. */
export function createChampionKeeper({ store, findNewest, metrics, logger }: ChampionPorts, venue: Venue): ChampionKeeper {
  /** Origins whose longest outcome has come, on the hour, in the `lengthMs` before that. */
  function pairs(first: string, second: string, now: EpochMs, lengthMs: number): Promise<PairedOrigin[]> {
    const to = (Math.floor((now - LONGEST_MS) / HOUR_MS) * HOUR_MS) as EpochMs;
    const range = { from: addMs(to, -lengthMs), to };
    return store.findPairedOrigins({ venue, first, second, horizons: SERVED_HORIZONS, ...range, instruments: JUDGED_INSTRUMENTS });
  }

  async function championsOf(): Promise<Map<Horizon, ChampionChange>> {
    return new Map((await store.findChampions(venue)).map((champion) => [champion.horizon, champion]));
  }

  async function check(now: EpochMs): Promise<void> {
    const [champions, all] = [await championsOf(), await findNewest()];
    const decided = new Map<string, Promise<Decision | undefined>>();
    const changes: NewChampionChange[] = [];
    for (const horizon of SERVED_HORIZONS) {
      const champion = champions.get(horizon);
      const newest = new Map([...all].filter(([, model]) => speaksOf(model, horizon)));
      // Horizons that came to their champion together, and have the same candidates, are decided together.
      const past = champion ? `${champion.name} ${champion.formerName} ${champion.reason} ${champion.at}` : '';
      const key = `${past} of ${[...newest.keys()]}`;
      const decision = decided.get(key) ?? decide(champion, newest, now);
      decided.set(key, decision);
      const change = toChange(horizon, champion, await decision, newest, now);
      if (change) changes.push(change);
    }
    await apply(changes);
  }

  async function decide(
    champion: ChampionChange | undefined,
    newest: ReadonlyMap<string, Model>,
    now: EpochMs,
  ): Promise<Decision | undefined> {
    const isUsable = (name: string | null): name is string => {
      const model = name === null ? undefined : newest.get(name);
      return model !== undefined && isFresh(model, now);
    };
    if (!champion) {
      const first = [...newest.values()].filter((model) => model.kind === 'LSTM' && isFresh(model, now)).sort((a, b) => a.id - b.id)[0];
      return first && { name: first.name, reason: 'INSTALLED', decidedBy: 'first trained model', figures: {} };
    }
    if (!isUsable(champion.name)) {
      const name = FALLBACK_NAMES.find(isUsable);
      const trainedThrough = newest.get(champion.name)?.trainedThrough ?? now;
      if (name === undefined) return undefined;
      return { name, reason: 'EXPIRED', decidedBy: '45 days', figures: { ageDays: (now - trainedThrough) / (24 * HOUR_MS) } };
    }
    if (champion.reason === 'EXPIRED') {
      if (!isUsable(champion.formerName)) return undefined;
      return { name: champion.formerName, reason: 'INSTALLED', decidedBy: 'fresh version', figures: {} };
    }
    if (champion.reason !== 'PROMOTED' || now - champion.at < PROBATION_MS + LONGEST_MS || !isUsable(champion.formerName)) return undefined;
    const { n, z, p, meanDifference } = comparePooled(await pairs(champion.name, champion.formerName, now, PROBATION_MS));
    if (!(p < ROLLBACK_LEVEL)) return undefined;
    return {
      name: champion.formerName,
      reason: 'ROLLED_BACK',
      decidedBy: '30 days',
      figures: { origins: n, z, p, lossExcess: meanDifference },
    };
  }

  async function judge(now: EpochMs): Promise<ReadonlyMap<string, Verdict>> {
    const [champions, newest] = [await championsOf(), await findNewest()];
    const champion = champions.get('1h');
    if (!champion) return new Map();
    const compared: { name: string; model: Model; origins: PairedOrigin[] }[] = [];
    for (const [name, model] of newest) {
      if (name === champion.name || model.sha256 === null || !isFresh(model, now)) continue;
      const origins = await pairs(champion.name, name, now, JUDGED_MS);
      if (origins.length > 0) compared.push({ name, model, origins });
    }
    const verdicts = new Map<string, Verdict>();
    for (const { name, model, origins } of compared) {
      const bar = newest.has(HAR_S) && name !== HAR_S ? await pairs(HAR_S, name, now, JUDGED_MS) : [];
      const proof = { parity: parityOf(model), isRepeatable: model.card.repeatable === true };
      const verdict = judgeChallenger({ origins, bar, windowHours: JUDGED_MS / HOUR_MS, challengers: compared.length, ...proof });
      verdicts.set(name, verdict);
      metrics.verdicts.inc({ outcome: verdict.isPromoted ? 'promoted' : 'refused' });
      logger.info({ challenger: name, champion: champion.name, failed: verdict.failed, ...verdict.figures }, 'a challenger was judged');
    }
    const best = [...verdicts]
      .filter(([, { isPromoted }]) => isPromoted)
      .sort(([, a], [, b]) => (b.figures.z ?? 0) - (a.figures.z ?? 0))[0];
    if (!best) return verdicts;
    const [name, { figures }] = best;
    const decision: Decision = { name, reason: 'PROMOTED', decidedBy: 'promotion rule', figures };
    const said = new Set(compared.find((one) => one.name === name)?.origins.map(({ horizon }) => horizon));
    const changes = SERVED_HORIZONS.filter((horizon) => said.has(horizon)).flatMap(
      (horizon) => toChange(horizon, champions.get(horizon), decision, newest, now) ?? [],
    );
    await apply(changes);
    return verdicts;
  }

  function toChange(
    horizon: Horizon,
    champion: ChampionChange | undefined,
    decision: Decision | undefined,
    newest: ReadonlyMap<string, Model>,
    at: EpochMs,
  ): NewChampionChange | undefined {
    const model = decision && newest.get(decision.name);
    if (!model || decision.name === champion?.name) return undefined;
    return { venue, horizon, modelId: model.id, formerName: champion?.name ?? null, at, after: champion?.id ?? null, ...decision };
  }

  async function apply(changes: readonly NewChampionChange[]): Promise<void> {
    if (changes.length === 0 || !(await store.change(changes))) return;
    for (const { horizon, name, formerName, reason, figures } of changes) {
      metrics.changes.inc({ reason });
      logger.info({ horizon, champion: name, former: formerName, reason, ...figures }, 'the champion of a horizon has changed');
    }
  }

  return { check, judge };
}

function parityOf({ card }: Model): number | null {
  const { parity } = card;
  const found = typeof parity === 'object' && parity !== null && 'largestDifference' in parity ? parity.largestDifference : null;
  return typeof found === 'number' ? found : null;
}
