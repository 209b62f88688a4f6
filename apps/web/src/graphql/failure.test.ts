import { CombinedError } from '@urql/core';
import { describe, expect, it } from 'vitest';
import { toFailure } from './failure.ts';

describe('toFailure', () => {
  it('says what the gateway said', () => {
    const error = new CombinedError({ graphQLErrors: [{ message: 'too far back', extensions: { code: 'RANGE_TOO_LARGE' } }] });
    expect(toFailure(error)).toEqual({ code: 'RANGE_TOO_LARGE', message: 'too far back' });
  });

  it('does not show what the network said', () => {
    const error = new CombinedError({ networkError: new Error('connect ECONNREFUSED 10.0.0.7:4000') });
    expect(toFailure(error)).toEqual({ code: 'NETWORK_ERROR', message: 'the gateway does not answer' });
  });
});
