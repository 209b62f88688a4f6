import { type AuditWindow, type ImportedFile, OUTLIER_SCORE, QUALITY_CHECKS, type QualityFinding } from '@candlecast/domain';
import { loadInstrument } from '../market/find-instruments.ts';
import { type DataQuality, loadDataQuality, MAX_QUALITY_DAYS } from '../market/load-data-quality.ts';
import { builder } from './builder.ts';
import { TradeIdProofRef } from './trade-ids.ts';

/** What the checks of a range cost, in rows: they read all of it and answer with a few. */
const COST = 500;

const QualityCheckEnum = builder.enumType('QualityCheck', {
  description:
    'What a closed 1m candle is checked for. PRICE_ORDER to OFF_GRID are wrong data whenever they occur; OUTLIER_RETURN, ZERO_VOLUME_RUN ' +
    'and CORRECTED may be the market.',
  values: QUALITY_CHECKS,
});

const FindingRef = builder.objectRef<QualityFinding>('QualityFinding').implement({
  description: 'A check that found something.',
  fields: (t) => ({
    check: t.expose('check', { type: QualityCheckEnum, description: 'Which check.' }),
    count: t.exposeInt('count', { description: 'How many candles; of ZERO_VOLUME_RUN how many runs.' }),
    examples: t.field({
      type: ['DateTime'],
      description: 'Open times of the first ten; of outliers and runs the largest.',
      resolve: ({ examples }) => [...examples],
    }),
  }),
});

const AuditRef = builder.objectRef<AuditWindow>('AuditWindow').implement({
  description: 'What the newest audit of a window found, in minutes. expected = present + excused + missing.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'First minute.' }),
    to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
    auditedAt: t.expose('auditedAt', { type: 'DateTime', description: 'When, on the venue’s clock.' }),
    expected: t.exposeInt('expected', { description: 'Minutes of the window.' }),
    present: t.exposeInt('present', { description: 'Minutes that are stored.' }),
    excused: t.exposeInt('excused', { description: 'Minutes in recorded gaps.' }),
    missing: t.exposeInt('missing', { description: 'Minutes that were neither; they were handed to the repair.' }),
    offGrid: t.exposeInt('offGrid', { description: 'Rows whose open time is not a whole minute.' }),
  }),
});

const ImportedFileRef = builder.objectRef<ImportedFile>('ImportedFile').implement({
  description: 'A dump file of the exchange that was imported, and what became of its rows.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    sha256: t.exposeString('sha256', { description: 'Checksum of its bytes. Files get revised: the same name may stand here twice.' }),
    isVerified: t.exposeBoolean('isVerified', {
      description: 'Whether a published checksum stood beside it; a wrong one is never imported.',
    }),
    importedAt: t.expose('importedAt', { type: 'DateTime', description: 'When, on the venue’s clock.' }),
    rows: t.exposeInt('rows', { description: 'Rows in the file.' }),
    inserted: t.exposeInt('inserted', { description: 'Candles that were new.' }),
    corrected: t.exposeInt('corrected', { description: 'Candles whose values it changed.' }),
    completed: t.exposeInt('completed', { description: 'Candles of which it had columns that were lacking.' }),
    unchanged: t.exposeInt('unchanged', { description: 'Candles that stayed as they were.' }),
    offGrid: t.exposeInt('offGrid', { description: 'Rows off the minute grid, merged into their minutes.' }),
    refused: t.exposeInt('refused', { description: 'Rows that are no candles.' }),
  }),
});

const DataQualityRef = builder.objectRef<DataQuality>('DataQuality').implement({
  description: 'How good the stored 1m candles of a range are. Duplicates cannot exist: open time and instrument are the key.',
  fields: (t) => ({
    symbol: t.id({ description: 'The instrument: "VENUE:SYMBOL".', resolve: ({ instrument }) => instrument.id }),
    from: t.field({ type: 'DateTime', description: 'First open time.', resolve: ({ range }) => range.from }),
    to: t.field({ type: 'DateTime', description: 'End, exclusive.', resolve: ({ range }) => range.to }),
    candles: t.exposeInt('candles', { description: 'Candles that were checked.' }),
    findings: t.field({
      type: [FindingRef],
      description: 'The checks that found something; the others passed.',
      resolve: ({ findings }) => [...findings],
    }),
    longestZeroVolumeRun: t.exposeInt('longestZeroVolumeRun', { description: 'Minutes of the longest run without a trade.' }),
    largestScore: t.exposeFloat('largestScore', {
      nullable: true,
      description:
        'Largest modified z-score (Iglewicz and Hoaglin) of the one-minute log returns of the range: 0.6745 · |r − median| ÷ MAD. ' +
        `Above ${OUTLIER_SCORE} it counts as OUTLIER_RETURN.`,
    }),
    stalenessMs: t.exposeFloat('stalenessMs', {
      nullable: true,
      description: 'Age of the newest candle up to which nothing is missing, from its close, in milliseconds of the venue’s time.',
    }),
    tradeIds: t.field({ type: TradeIdProofRef, description: 'Whether a trade can be missing.', resolve: ({ tradeIds }) => tradeIds() }),
    audits: t.field({
      type: [AuditRef],
      description: 'The newest audit of every window of the range, oldest first.',
      resolve: ({ audits }) => [...audits],
    }),
    importedFiles: t.field({
      type: [ImportedFileRef],
      description: 'Dump files imported for the instrument, newest first, at most 100.',
      resolve: ({ importedFiles }) => [...importedFiles],
    }),
  }),
});

builder.queryField('dataQuality', (t) =>
  t.field({
    type: DataQualityRef,
    description: `Checks the stored 1m candles of a range of at most ${MAX_QUALITY_DAYS} days.`,
    args: {
      symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
      from: t.arg({ type: 'DateTime', required: true, description: 'First open time, inclusive.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'End, exclusive.' }),
    },
    complexity: COST,
    resolve: async (_, { symbol, from, to }, context) => {
      const instrument = await loadInstrument(context, symbol);
      return loadDataQuality(context, instrument, { from, to }, await context.venues.now(instrument.venue));
    },
  }),
);
