import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addMs,
  DAY_MS,
  HOUR_MS,
  type Horizon,
  horizonMs,
  type InstrumentId,
  MINUTE_MS,
  type Model,
  toDecimal,
  toEpochMs,
} from '@candlecast/domain';
import { createPointErrorReader } from '@candlecast/store';
import { createLogger } from '@candlecast/telemetry';
import { aCandle } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAR_FEATURE_SCHEMA } from '../features/bar-schema.ts';
import { parseEnsembleFile } from '../models/ensemble/ensemble-file.ts';
import { createRandom } from '../models/random.ts';
import { createDiskArtifactStore } from '../registry/disk-artifact-store.ts';
import { findNewestModels } from '../registry/models.ts';
import { scoreForecast } from '../score/score-forecast.ts';
import { pricedAt } from '../serve/to-forecast.ts';
import { aForecast } from '../testing/a-forecast.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { createEnsembleJob, ENSEMBLE, ENSEMBLE_MEMBERS } from './ensemble-job.ts';

const START = toEpochMs(Date.UTC(2022, 0, 1));
const SIGMA = 0.01;
const DAYS = 123;
const SAID: readonly Horizon[] = ['1h', '2h'];
const NOW = addMs(START, DAYS * DAY_MS);
const closeAt = (hour: number, price: number) => {
  const close = toDecimal(price.toFixed(2));
  return aCandle({ openTime: addMs(START, hour * HOUR_MS - MINUTE_MS), open: close, high: close, low: close, close });
};

let market: TestMarket;
let dataDir: string;
let id: InstrumentId;
let context: Model;

/** Does what the job does, as one that has been taken. */
async function make() {
  const ports = {
    ...{ instruments: market.instruments, errors: createPointErrorReader(market.database), runs: market.runs },
    ...{ artifacts: createDiskArtifactStore(dataDir), now: async () => NOW, logger: createLogger('test', 'silent') },
    findNewest: () => findNewestModels(market.reader, VENUE),
  };
  const kind = createEnsembleJob(ports, VENUE, 'test', 'make-ensemble');
  await market.jobs.reopen({ venue: VENUE, kind: kind.name, key: 'only', payload: {}, cadence: null, dueAt: START });
  const job = await market.jobs.take(VENUE, [kind.name], 'one', 60_000);
  if (!job) throw new Error('there is no job');
  const run = await kind.run(job, new AbortController().signal);
  await market.jobs.finish(job, { kind: 'done', nextDueAt: null, run });
  return run;
}

const save = (name: string, version: string) =>
  market.writer.saveModel({
    ...{
      name,
      version,
      kind: name === 'har-s' ? 'BASELINE' : 'LSTM',
      sha256: `${version}`.padEnd(64, '0'),
      artifactPath: `models/${name}/model.json`,
    },
    ...{ featureSchema: BAR_FEATURE_SCHEMA, trainedFrom: START, trainedThrough: addMs(NOW, -DAY_MS) },
    card: { venue: VENUE, parity: { largestDifference: 1e-7 }, repeatable: true },
  });

beforeAll(async () => {
  market = await openTestMarket();
  dataDir = await mkdtemp(join(tmpdir(), 'ensemble-'));
  id = await market.addLive('BTCUSDT', [closeAt(-1, 40_000), closeAt(0, 40_000)]);
  const reference = await market.writer.saveModel({
    ...{ name: 'any-reference', version: '1', kind: 'BASELINE', sha256: null, artifactPath: null, trainedFrom: null, trainedThrough: null },
    ...{ featureSchema: 1, card: {} },
  });
  context = await save('lstm-context', '1');
  const random = createRandom(4);
  const prices = [40_000];
  for (let hour = 1; hour <= DAYS * 24; hour++) prices.push((prices.at(-1) ?? 0) * Math.exp(SIGMA * random.normal()));
  await market.closeSome(
    id,
    prices.slice(1).map((price, index) => closeAt(index + 1, price)),
  );
  // Scored before the midnight at which it is made.
  await market.setTime(addMs(NOW, -HOUR_MS));
  /** Knows half of what comes within an hour, and the contrary of what comes within two. */
  const batches = prices.slice(0, -2).map((price, hour) => {
    const refPrice = toDecimal(price.toFixed(2));
    const asOf = addMs(START, hour * HOUR_MS);
    const forecasts = SAID.map((horizon) => {
      const hours = horizonMs(horizon) / HOUR_MS;
      const median = (hours === 1 ? 0.5 : -0.5) * Math.log((prices[hour + hours] ?? price) / price);
      const about = {
        instrumentId: id,
        modelId: context.id,
        asOf,
        refPrice,
        reference: { modelId: reference.id, sigma: SIGMA * Math.sqrt(hours) },
      };
      const forecast = aForecast(about, horizon);
      const quantiles = forecast.quantiles.map(({ level, logReturn }) => ({
        ...{ level, logReturn: logReturn + median, value: pricedAt(refPrice)(logReturn + median) },
      }));
      return { ...forecast, quantiles };
    });
    return { instrumentId: id, modelId: context.id, asOf, input: new Uint8Array([hour % 256]), codeVersion: 'test', forecasts };
  });
  for (let from = 0; from < batches.length; from += 500) await market.writer.appendForecasts(batches.slice(from, from + 500), 400 * DAY_MS);
  while ((await market.scorer.resolveMatured({ venue: VENUE, limit: 1_000, score: scoreForecast })).length > 0);
}, 180_000);

afterAll(async () => {
  await market.drop();
  await rm(dataDir, { recursive: true });
});

describe('the ensemble', { timeout: 120_000 }, () => {
  it('is not made while a member is missing', async () => {
    expect(await make()).toBeNull();
    expect((await market.reader.findModels()).map(({ name }) => name)).not.toContain(ENSEMBLE);
  });

  it('is made of the newest members, with the location on where it has missed by less for four months', async () => {
    await save('har-s', '1');
    await make();
    const model = (await findNewestModels(market.reader, VENUE)).get(ENSEMBLE);
    expect(model).toMatchObject({
      ...{ kind: 'LSTM', trainedThrough: addMs(NOW, -DAY_MS) },
      card: { venue: VENUE, parity: { largestDifference: 1e-7 }, repeatable: true, members: ENSEMBLE_MEMBERS.map((name) => ({ name })) },
    });
    const bytes = await createDiskArtifactStore(dataDir).load(model?.artifactPath ?? '', model?.sha256 ?? '');
    expect(parseEnsembleFile(bytes).open).toEqual({ [id]: ['1h'] });
    expect(await market.readSql('select state, model_id from run')).toEqual([{ state: 'DONE', model_id: model?.id }]);
  });

  it('is made anew only when a member or a gate has changed', async () => {
    expect(await make()).toBeNull();
    await save('har-s', '2');
    const run = await make();
    expect(run?.model.card.members).toMatchObject([{ version: '1' }, { name: 'har-s', version: '2' }]);
  });
});
