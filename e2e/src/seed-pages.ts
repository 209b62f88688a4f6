import {
  addMs,
  DAY_MS,
  floorToInterval,
  HOUR_MS,
  horizonMs,
  type InstrumentId,
  MINUTE_MS,
  type NewRun,
  QUANTILE_LEVELS,
  type Score,
  type TakenJob,
  toDecimal,
  toInstrumentId,
  toSignal,
} from '@candlecast/domain';
import {
  createChampionStore,
  createDriftStore,
  createForecastScorer,
  createForecastWriter,
  createInstrumentWriter,
  createJobStore,
  createRunStore,
} from '@candlecast/store';
import type { EdgeSystem } from './edge-system.ts';

/** How many forecasts have come to their targets: enough for something to be said of them. */
export const RESOLVED = 40;
/** Minutes that are missing of ETHUSDT. */
export const HOLE_MINUTES = 3;

const SCORE: Score = {
  ...{ isReference: false, logReturn: 0.001, hit: true, band: 80, absErr: toDecimal('0.50'), absErrNaive: toDecimal('1.00') },
  ...{ crps: 0.9, crpsReference: 1, brier: 0.16, crpsCalibrated: null, bandCalibrated: null, scorer: 1 },
};
const TRAINED = { artifactPath: 'models/lstm/model.onnx', featureSchema: 3, card: { venue: 'SIM' } } as const;

/** Puts what the pages show beside the market of an edge system: a second pair with a recorded gap, models with a record, trainings, jobs, a champion. */
export async function seedPages(system: EdgeSystem): Promise<void> {
  await addPairWithGap(system);
  const modelId = await train(system);
  await forecast(system, modelId);
  await createChampionStore(system.database).change([
    {
      ...{ venue: 'SIM', horizon: '30m', name: 'lstm', modelId, formerName: null, reason: 'INSTALLED' },
      ...{ at: addMs(system.end, -2 * HOUR_MS), decidedBy: 'first trained model', figures: { z: 2.5 }, after: null },
    },
  ]);
  const found = { lossRatio: 0.96, coverage90: 0.91, clippedShare: 0.06, gappedInstruments: 0, alarms: ['CLIPPED'] } as const;
  await createDriftStore(system.database).saveChecks([
    { venue: 'SIM', horizon: '30m', at: floorToInterval(system.end, '1d'), modelId, ...found },
  ]);
}

async function addPairWithGap({ database, writer, liveSince, end, minuteAt }: EdgeSystem): Promise<void> {
  const id = toInstrumentId('SIM', 'ETHUSDT');
  const instruments = createInstrumentWriter(database);
  const rules = { tickSize: toDecimal('0.01000000'), stepSize: null };
  await instruments.upsertInstruments([{ id, venue: 'SIM', symbol: 'ETHUSDT', baseAsset: 'ETH', quoteAsset: 'USDT', ...rules }]);
  await instruments.setState(id, 'LIVE', null);
  await writer.startLive(id, liveSince);
  const holeFrom = addMs(end, -HOUR_MS);
  const holeTo = addMs(holeFrom, HOLE_MINUTES * MINUTE_MS);
  const minutes = (from: number, to: number) =>
    Array.from({ length: (to - from) / MINUTE_MS }, (_, index) =>
      minuteAt(addMs(from as typeof end, index * MINUTE_MS), { tradeCount: 5 }),
    );
  await writer.commitClosed([{ instrumentId: id, candles: minutes(liveSince, holeFrom) }], holeFrom);
  await writer.recordGap(id, { from: holeFrom, to: holeTo }, 'EXCHANGE_OUTAGE', holeTo);
  await writer.commitClosed([{ instrumentId: id, candles: minutes(holeTo, end) }], end);
}

/** A training that is done, with its losses, and what is scheduled. Returns the number of its model. */
async function train({ database, liveSince, end }: EdgeSystem): Promise<number> {
  const jobs = createJobStore(database);
  const runs = createRunStore(database);
  const take = async (kind: string): Promise<TakenJob> => {
    const job = await jobs.take('SIM', [kind], 'e2e', MINUTE_MS);
    if (!job) throw new Error(`no job "${kind}" is due`);
    return job;
  };
  const once = { venue: 'SIM', key: 'only', payload: {}, dueAt: liveSince } as const;
  await jobs.ensure({ ...once, kind: 'train-first', cadence: null });
  const job = await take('train-first');
  const begun: NewRun = {
    ...{ venue: 'SIM', name: 'lstm', parameters: { trainingDays: 30 }, seed: 7, dataHash: 'd'.repeat(64), codeVersion: 'e2e 1' },
  };
  const id = await runs.begin(begun, job);
  for (const [epoch, validationLoss] of [0.5, 0.48, 0.46, 0.465].entries())
    await runs.noteEpoch(id, epoch, { validationLoss, baselineLoss: 0.5 });
  const model = {
    ...TRAINED,
    name: 'lstm',
    version: '1',
    kind: 'LSTM',
    sha256: 'a'.repeat(64),
    trainedFrom: liveSince,
    trainedThrough: end,
  } as const;
  const artifacts = [{ name: 'model.onnx', path: TRAINED.artifactPath, sha256: model.sha256, sizeBytes: 99 }];
  await jobs.finish(job, {
    kind: 'done',
    nextDueAt: null,
    run: { id, parameters: { layers: 1, units: 64 }, metrics: { 'loss.validation': 0.46 }, artifacts, model },
  });
  await jobs.ensure({ ...once, kind: 'retrain', cadence: 'MONTHLY', dueAt: addMs(end, DAY_MS) });
  await jobs.ensure({ ...once, kind: 'check-drift', cadence: 'DAILY' });
  const failing = await take('check-drift');
  await jobs.finish(failing, { kind: 'failed', failure: 'history_too_short', retryAfterMs: null, nextDueAt: addMs(end, DAY_MS) });
  return (await database.prisma.model.findFirstOrThrow({ where: { name: 'lstm' } })).id;
}

/** Forecasts of 30 minutes whose targets have passed, and how they came out. */
async function forecast({ database, id, end }: EdgeSystem, modelId: number): Promise<void> {
  const writer = createForecastWriter(database);
  const facts = { ...TRAINED, artifactPath: null, trainedFrom: null, trainedThrough: null };
  const reference = await writer.saveModel({ ...facts, name: 'ewma-normal', version: '1', kind: 'BASELINE', sha256: null });
  for (let index = 0; index < RESOLVED; index += 1) {
    const asOf = addMs(end, (index - RESOLVED - 35) * MINUTE_MS);
    await issue(id, reference.id, reference.id, asOf);
    await issue(id, modelId, reference.id, asOf);
  }
  await createForecastScorer(database).resolveMatured({ venue: 'SIM', limit: 1_000, score: () => SCORE });

  function issue(instrumentId: InstrumentId, by: number, referenceId: number, asOf: typeof end) {
    const quantiles = QUANTILE_LEVELS.map((level, index) => ({
      ...{ level, logReturn: (index - 4) / 1_000, value: toDecimal(`${20_000 + index}.00`) },
    }));
    const signal = toSignal(quantiles, { feeBps: 10, spreadBps: 2, spreadAt: null });
    const said = { refPrice: toDecimal('20000.50'), pUp: 0.6, quantiles, signal, calibration: null };
    const times = { horizon: '30m', asOf, targetTime: addMs(asOf, horizonMs('30m')) } as const;
    const forecasts = [{ instrumentId, modelId: by, ...times, ...said, reference: { modelId: referenceId, sigma: 0.01 } }];
    // As if each had been issued at its time.
    return writer.appendForecasts([{ instrumentId, modelId: by, asOf, input: new Uint8Array([1]), codeVersion: 'e2e', forecasts }], DAY_MS);
  }
}
