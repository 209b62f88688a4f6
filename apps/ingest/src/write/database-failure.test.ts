import { AppError } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { isPassing } from './database-failure.ts';

function coded(code: string, message = 'no'): Error {
  return Object.assign(new Error(message), { code });
}

describe('isPassing', () => {
  it.each([
    ['a server that is away', coded('P1001')],
    ['a connection that breaks', coded('ECONNRESET')],
    ['a server that starts', coded('57P03')],
    ['a full disk', coded('53100')],
    ['a broken disk', coded('58030')],
    ['a database that is read-only for a while', coded('25006')],
    ['a full disk, as Prisma tells it', coded('P2010', 'Database error. Code: `53100`. Message: `could not write`')],
    ['a read-only database, as Prisma tells it', coded('P2010', 'Database error. Code: `25006`. Message: `cannot execute UPDATE`')],
    ['what our own errors call retryable', new AppError('database_unavailable', 'away', { retryable: true })],
    ['a cause that passes', new Error('query failed', { cause: coded('08006') })],
  ])('waits for %s', (_, cause) => {
    expect(isPassing(cause)).toBe(true);
  });

  it.each([
    ['values that are refused', coded('23514')],
    ['a table that is not there, as Prisma tells it', coded('P2010', 'Database error. Code: `42P01`. Message: `no such table`')],
    ['what our own errors call final', new AppError('instrument_unknown', 'nobody knows it')],
    ['anything else', new RangeError('7')],
  ])('does not wait for %s', (_, cause) => {
    expect(isPassing(cause)).toBe(false);
  });
});
