import { describe, expect, it } from 'vitest';
import { parseCandleFileName } from './candle-file-name.ts';

describe('parseCandleFileName', () => {
  it.each([
    ['BTCUSDT-1m-2022-01_2023-07.csv.gz', { symbol: 'BTCUSDT', interval: '1m', period: '2022-01_2023-07', packing: 'csv.gz' }],
    ['BTCUSDT-1m-2024-10-28.zip', { symbol: 'BTCUSDT', interval: '1m', period: '2024-10-28', packing: 'zip' }],
    ['1000SATSUSDT-1h-2024-10.csv', { symbol: '1000SATSUSDT', interval: '1h', period: '2024-10', packing: 'csv' }],
    ['币安人生USDT-1d-2025-12.zip', { symbol: '币安人生USDT', interval: '1d', period: '2025-12', packing: 'zip' }],
  ])('reads %s', (name, expected) => {
    expect(parseCandleFileName(name)).toEqual(expected);
  });

  it.each([
    'README.md',
    'BTCUSDT-1mo-2024.zip',
    'BTCUSDT-60-2024-10.csv',
    'BTCUSDT-1M-2024.csv',
    'btcusdt-1m-2024-10.csv',
    'BTCUSDT-1m.csv',
    'BTCUSDT-1m-2024.zip.CHECKSUM',
  ])('does not take %s for a candle file of ours', (name) => {
    expect(parseCandleFileName(name)).toBeUndefined();
  });
});
