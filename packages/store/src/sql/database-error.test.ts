import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { toDatabaseError } from './database-error.ts';

function refusal(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('refused', 7, 'error');
  error.code = code;
  return error;
}

describe('toDatabaseError', () => {
  it.each([
    ['08006', 'database_unavailable', true],
    ['25006', 'database_unavailable', true],
    ['53100', 'database_unavailable', true],
    ['57P01', 'database_unavailable', true],
    ['58030', 'database_unavailable', true],
    ['57014', 'database_timeout', true],
    ['40001', 'database_conflict', true],
    ['25001', 'database_error', false],
    ['23505', 'database_error', false],
  ])('calls %s %s', (state, code, retryable) => {
    expect(toDatabaseError(refusal(state))).toMatchObject({ code, retryable });
  });

  it('takes whatever is not the word of the database for a broken way to it', () => {
    expect(toDatabaseError(new Error('read ECONNRESET'))).toMatchObject({ code: 'database_unavailable', retryable: true });
  });
});
