import { addMs, DAY_MS, type EpochMs, type ExternalPoint, MINUTE_MS, toDecimal, toEpochMs, toIso } from '@candlecast/domain';
import {
  createDatabase,
  createExternalReader,
  createExternalWriter,
  createInstrumentWriter,
  createJobStore,
  type Database,
} from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { createTestDatabase, eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COLLECT_JOB, Collector } from './collector.ts';
import { createCollectorMetrics } from './collector-metrics.ts';
import { sourceFailure } from './source-failure.ts';
import type { SourceReading } from './source-kind.ts';
import { type Source, sourceSchema } from './source-kinds.ts';

const START = Date.UTC(2026, 4, 20, 10, 7) as EpochMs;
let database: Database;
let drop: () => Promise<void>;
let now: EpochMs;
let stop: AbortController;
let running: Promise<void>[];
/** What each source says next; a source that is not here never answers. */
let answers: Record<string, () => SourceReading>;
/** Readings that have begun, by source. */
let reads: Record<string, number>;

const sourceOf = (key: string): Source =>
  sourceSchema.parse({ key, about: 'a test', kind: 'json', url: 'http://localhost/', value: '$.x', min: 0, max: 100 });

beforeEach(async () => {
  const created = await createTestDatabase();
  database = await createDatabase({ url: created.url, applicationName: 'test', poolSize: 4 });
  drop = created.drop;
  stop = new AbortController();
  [running, answers, reads] = [[], {}, {}];
  await setTime(START);
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await database.close();
  await drop();
});

/** Sets the venue's clock, which then stands. */
async function setTime(time: EpochMs): Promise<void> {
  now = time;
  await createInstrumentWriter(database).saveClock({ venue: 'SIM', wallTime: toEpochMs(0), anchorTime: time, speed: 0 });
}

function start(keys: readonly string[], holder = 'one', until = stop.signal) {
  const metrics = createCollectorMetrics(createMetrics());
  const collector = new Collector({
    venue: 'SIM',
    sources: keys.map(sourceOf),
    read(source, signal) {
      reads[source.key] = (reads[source.key] ?? 0) + 1;
      const answer = answers[source.key];
      if (answer) return Promise.resolve().then(answer);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    store: {
      jobs: createJobStore(database),
      externalWriter: createExternalWriter(database),
      externalReader: createExternalReader(database),
    },
    holder,
    now: () => now,
    metrics,
    log: createLogger('test', 'silent'),
    pollMs: 5,
    backoff: { baseMs: 1, capMs: 2 },
  });
  running.push(collector.run(until));
  return { collector, metrics };
}

const say =
  (value: string, eventTime: EpochMs | null = null) =>
  () => ({ value: toDecimal(value), eventTime });
const find = (key: string): Promise<ExternalPoint[]> =>
  createExternalReader(database).findPoints({
    key,
    range: { from: 0 as EpochMs, to: addMs(now, DAY_MS) },
    knownAt: addMs(now, DAY_MS),
    limit: 100,
    take: 'oldest',
  });
const jobs = () => database.prisma.job.findMany({ where: { kind: COLLECT_JOB }, orderBy: { key: 'asc' } });
const quarter = (count: number) => (Date.UTC(2026, 4, 20, 10) + count * 15 * MINUTE_MS) as EpochMs;

describe('the collector', () => {
  it('reads each source at once and then at every quarter of an hour', async () => {
    answers = { gold: say('20.5'), oil: say('7', addMs(START, -MINUTE_MS)) };
    const { collector, metrics } = start(['gold', 'oil']);
    await eventually(async () =>
      expect(await jobs()).toMatchObject([{ state: 'WAITING' }, { state: 'WAITING', dueAt: new Date(quarter(1)) }]),
    );
    expect(await find('gold')).toEqual([{ key: 'gold', eventTime: quarter(0), knownAt: START, value: '20.5' }]);
    expect(await find('oil')).toEqual([{ key: 'oil', eventTime: addMs(START, -MINUTE_MS), knownAt: START, value: '7' }]);
    expect(reads).toEqual({ gold: 1, oil: 1 });
    answers.gold = say('21');
    await setTime(quarter(1));
    await eventually(async () => expect(await find('gold')).toHaveLength(2));
    await eventually(() =>
      expect(collector.status()).toMatchObject([
        { value: '21', failure: null },
        { key: 'oil', kind: 'json' },
      ]),
    );
    // Oil said the same of the same time: that is no news.
    await eventually(async () => expect(await jobs()).toMatchObject([{ dueAt: new Date(quarter(2)) }, { dueAt: new Date(quarter(2)) }]));
    expect(await find('oil')).toHaveLength(1);
    const counted = (await metrics.collectedValues.get()).values.map(({ labels, value }) => [labels.key, labels.result, value]);
    expect(counted.sort()).toEqual([
      ['gold', 'stored', 2],
      ['oil', 'stored', 1],
      ['oil', 'unchanged', 1],
    ]);
  });

  it('stores a changed value of the same time as a revision, which counts from when it came', async () => {
    answers = { gold: say('20', quarter(0)) };
    start(['gold']);
    await eventually(async () => expect(await find('gold')).toHaveLength(1));
    answers.gold = say('22', quarter(0));
    await setTime(quarter(1));
    await eventually(async () => expect((await find('gold'))[0]).toMatchObject({ value: '22', knownAt: quarter(1) }));
    const before = { key: 'gold', range: { from: 0 as EpochMs, to: now }, limit: 9, take: 'oldest' } as const;
    expect(await createExternalReader(database).findPoints({ ...before, knownAt: addMs(quarter(1), -1) })).toMatchObject([{ value: '20' }]);
  });

  it('goes on with the others while one hangs, one fails and one lies', async () => {
    answers = {
      busy() {
        throw sourceFailure('source_busy', 'status 503');
      },
      broken() {
        throw new TypeError('a mistake of ours');
      },
      liar: say('101'),
      good: say('1'),
    };
    const { collector, metrics } = start(['hangs', 'busy', 'broken', 'liar', 'good']);
    await eventually(async () =>
      expect(await jobs()).toMatchObject([
        { key: 'broken', state: 'WAITING', lastFailure: 'internal', dueAt: new Date(quarter(1)) },
        // Tried again within its quarter of an hour, then given up until the next.
        { key: 'busy', state: 'WAITING', lastFailure: 'source_busy', attempts: 0, dueAt: new Date(quarter(1)) },
        { key: 'good', state: 'WAITING', lastFailure: null, dueAt: new Date(quarter(1)) },
        { key: 'hangs', state: 'RUNNING' },
        { key: 'liar', state: 'WAITING', lastFailure: 'value_out_of_bounds', dueAt: new Date(quarter(1)) },
      ]),
    );
    expect(reads).toEqual({ hangs: 1, busy: 4, broken: 1, liar: 1, good: 1 });
    expect(await find('liar')).toEqual([]);
    expect(await find('good')).toHaveLength(1);
    expect(collector.status().map(({ key, failure, failuresInARow }) => [key, failure, failuresInARow])).toEqual([
      ['hangs', null, 0],
      ['busy', 'source_busy', 4],
      ['broken', 'internal', 1],
      ['liar', 'value_out_of_bounds', 1],
      ['good', null, 0],
    ]);
    const failures = (await metrics.collectFailures.get()).values.map(({ labels, value }) => `${labels.key} ${labels.code} ${value}`);
    expect(failures.sort()).toEqual(['broken internal 1', 'busy source_busy 4', 'liar value_out_of_bounds 1']);
    expect((await metrics.failingSources.get()).values[0]?.value).toBe(3);
    answers.busy = say('5');
    await setTime(quarter(1));
    await eventually(() => expect(collector.status()[1]).toMatchObject({ value: '5', failure: null, failuresInARow: 0 }));
    await eventually(async () => expect((await find('good')).map(({ eventTime }) => toIso(eventTime))).toHaveLength(2));
  });

  it('shares the sources with other processes: each is read once', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `source${index}`);
    for (const key of keys) answers[key] = say('3');
    start(keys, 'one');
    start(keys, 'two');
    start(keys, 'three');
    const isDone = (occasion: number) => async () =>
      expect((await jobs()).map(({ state, dueAt }) => [state, dueAt.getTime()])).toEqual(keys.map(() => ['WAITING', quarter(occasion)]));
    await eventually(isDone(1));
    await setTime(quarter(1));
    await eventually(isDone(2));
    expect(Object.values(reads)).toEqual(keys.map(() => 2));
  });

  it('gives back what it reads when it stops, so that another process reads it at once', async () => {
    const leaving = new AbortController();
    start(['gold'], 'one', leaving.signal);
    await eventually(() => expect(reads.gold).toBe(1));
    leaving.abort();
    await Promise.all(running);
    answers = { gold: say('20') };
    start(['gold'], 'two');
    await eventually(async () => expect(await find('gold')).toHaveLength(1));
  });

  it('leaves sources that are no longer in the file, and takes them up again', async () => {
    answers = { gold: say('20'), oil: say('7') };
    const leaving = new AbortController();
    start(['gold', 'oil'], 'one', leaving.signal);
    await eventually(async () => expect(await jobs()).toMatchObject([{ lastEndedAt: new Date(START) }, { lastEndedAt: new Date(START) }]));
    leaving.abort();
    await Promise.all(running);
    await setTime(quarter(1));
    start(['gold'], 'two');
    await eventually(async () => expect(await jobs()).toMatchObject([{ dueAt: new Date(quarter(2)) }, { state: 'DONE' }]));
    expect(reads).toEqual({ gold: 2, oil: 1 });
    start(['gold', 'oil'], 'three');
    await eventually(() => expect(reads.oil).toBe(2));
  });
});
