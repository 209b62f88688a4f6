import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EpochMs, HOUR_MS, toIso } from '@candlecast/domain';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { auditFile } from './audit-file.ts';
import { fileAuditLines } from './print-audit.ts';

const dir = mkdtempSync(join(tmpdir(), 'audit-file-'));
afterAll(() => rmSync(dir, { recursive: true }));

const START = Date.UTC(2022, 4, 1);
const row = (hour: number, offsetMs = 0, volume = '1.5') => `${START + hour * HOUR_MS + offsetMs},2,4,1,3,${volume},,,,,,0`;

describe('auditFile', () => {
  it('finds missing candles, rows off the grid, duplicates, disorder, refused rows and lacking columns', async () => {
    const path = join(dir, 'TESTUSDT-1h-2022-05.csv');
    writeFileSync(path, [row(0), row(1, 14_789), row(1, 14_789), row(5), row(4, 0, '0.000'), 'nonsense', row(7)].join('\n'));
    const audit = await auditFile(path);
    expect(audit).toMatchObject({
      symbol: 'TESTUSDT',
      interval: '1h',
      rows: 7,
      span: { from: START, to: START + 8 * HOUR_MS },
      gaps: [
        { range: { from: START + 2 * HOUR_MS, to: START + 4 * HOUR_MS }, reason: 'SOURCE_INCOMPLETE' },
        { range: { from: START + 6 * HOUR_MS, to: START + 7 * HOUR_MS }, reason: 'SOURCE_INCOMPLETE' },
      ],
      missing: 3,
      offGrid: [START + HOUR_MS + 14_789, START + HOUR_MS + 14_789],
      duplicates: 1,
      disorder: 1,
      zeroVolume: 1,
      refusals: { column_count: 1 },
      lacking: { quoteVolume: 6, tradeCount: 6 },
    });
    const lines = fileAuditLines(path, audit).join('\n');
    for (const part of [
      'missing candles 3',
      'SOURCE_INCOMPLETE',
      'off the grid 2022-05-01T01:00:14.789Z',
      'column_count 1',
      'tradeCount 6',
    ])
      expect(lines).toContain(part);
  });

  it('refuses a file whose name says nothing', async () => {
    await expect(auditFile(join(dir, 'candles.csv'))).rejects.toMatchObject({ code: 'candle_file_name_invalid' });
    await expect(auditFile(join(dir, 'NOPEUSDT-1h-2022.csv'))).rejects.toMatchObject({ code: 'candle_file_unreadable' });
  });
});

describe.skipIf(!hasTestData())('recorded anomalies (needs klines/ in TEST_DATA_DIR)', () => {
  const auditOf = (name: string) => auditFile(join(testDataDir(), 'klines', name));

  it('are named: the 80 minutes of 2023-03-24 were an outage of the exchange', async () => {
    const { rows, missing, gaps } = await auditOf('BTCUSDT-1m-2022-01_2023-07.csv.gz');
    expect({ rows, missing }).toEqual({ rows: 830_800, missing: 80 });
    expect(gaps.map(({ range, reason }) => [toIso(range.from), toIso(range.to), reason])).toEqual([
      ['2023-03-24T12:40:00.000Z', '2023-03-24T14:00:00.000Z', 'EXCHANGE_OUTAGE'],
    ]);
  }, 120_000);

  it('are named: 43 hours off the grid in February 2018, and every hole of six years an outage', async () => {
    const { rows, missing, offGrid, gaps, lacking } = await auditOf('ETHUSDT-1h-2017-08_2023-07.csv.gz');
    expect({ rows, missing, offGrid: offGrid.length }).toEqual({ rows: 52_069, missing: 127, offGrid: 43 });
    expect(offGrid[0] && toIso(offGrid[0])).toBe('2018-02-09T09:28:14.800Z');
    expect(toIso(offGrid.at(-1) ?? (0 as EpochMs))).toMatch('2018-02-11T03:28');
    expect(gaps).toHaveLength(28);
    expect(gaps.filter(({ reason }) => reason !== 'EXCHANGE_OUTAGE')).toEqual([]);
    expect(Object.keys(lacking)).toEqual(['quoteVolume', 'tradeCount', 'takerBuyBaseVolume', 'takerBuyQuoteVolume']);
  }, 120_000);

  it('are named: 3,995 hours in which USDCUSDT was not listed, beside the outages', async () => {
    const { missing, gaps } = await auditOf('USDCUSDT-1h-2021-04_2023-07.csv.gz');
    const hours = (reason: string) =>
      gaps.filter((gap) => gap.reason === reason).reduce((sum, { range }) => sum + (range.to - range.from) / HOUR_MS, 0);
    expect({ missing, delisted: hours('DELISTED'), outages: hours('EXCHANGE_OUTAGE') }).toEqual({
      missing: 4_007,
      delisted: 3_995,
      outages: 12,
    });
  }, 120_000);
});
