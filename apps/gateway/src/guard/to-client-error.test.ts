import { AppError } from '@candlecast/domain';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isClientError, toClientError } from './to-client-error.ts';

const wrapped = (cause: Error) => new GraphQLError(cause.message, { originalError: cause, path: ['candles'] });
const away = new Error(
  '\nInvalid `prisma.x()` invocation:\n\n\nDatabase error. Code: `57P03`. Message: `the database system is starting up`',
);

describe('toClientError', () => {
  it.each([
    ['our own refusal', wrapped(new AppError('RANGE_TOO_LARGE', 'first is 9')), 'execute', 'RANGE_TOO_LARGE', 'first is 9', false, false],
    [
      'a refusal inside another error',
      wrapped(wrapped(new AppError('INTERVAL_UNSUPPORTED', 'no'))),
      'execute',
      'INTERVAL_UNSUPPORTED',
      'no',
      false,
      false,
    ],
    ['a wrong document', new GraphQLError('Cannot query'), 'validate', 'GRAPHQL_VALIDATION_FAILED', 'Cannot query', false, false],
    ['a wrong variable', new GraphQLError('Variable "$x"'), 'execute', 'BAD_USER_INPUT', 'Variable "$x"', false, false],
    [
      'a slow query',
      wrapped(new AppError('database_timeout', 'canceling', { retryable: true })),
      'execute',
      'TIMEOUT',
      'took too long',
      true,
      true,
    ],
    [
      'a database that is away',
      wrapped(new AppError('database_unavailable', 'at 10.0.0.1', { retryable: true })),
      'execute',
      'INTERNAL_SERVER_ERROR',
      'our side',
      true,
      true,
    ],
    ['a database that starts', wrapped(away), 'execute', 'INTERNAL_SERVER_ERROR', 'our side', true, true],
    [
      'a refused connection',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      'execute',
      'INTERNAL_SERVER_ERROR',
      'our side',
      true,
      true,
    ],
    ['a mistake of ours', wrapped(new TypeError('secret of undefined')), 'execute', 'INTERNAL_SERVER_ERROR', 'our side', false, true],
    ['something that is no error', 'secret', 'execute', 'INTERNAL_SERVER_ERROR', 'our side', false, true],
  ] as const)('shows %s', (_, error, phase, code, text, retryable, isOurs) => {
    const seen = toClientError(error, phase, 'id-1');
    expect(seen.isOurs).toBe(isOurs);
    expect(isClientError(seen.shown)).toBe(true);
    expect(seen.shown.message).toContain(text);
    expect(JSON.parse(JSON.stringify(seen.shown)).extensions).toEqual({
      code,
      retryable,
      retryAfterMs: retryable ? 1_000 : null,
      requestId: 'id-1',
    });
    expect(JSON.stringify(seen.shown)).not.toMatch(/secret|10\.0\.0\.1|prisma/);
  });
});
