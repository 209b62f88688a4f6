import { describe, expect, it } from 'vitest';
import { createMessageReader } from './read-message.ts';

describe('a message', () => {
  it('is read as JSON says', () => {
    const message = { id: '1', type: 'subscribe', payload: { query: '{ a }', variables: { query: 'q' } } };
    expect(createMessageReader()(JSON.stringify(message))).toEqual(message);
  });

  it.each(['', '{', 'null', '[]', '"x"', '{"payload":null}', '{"payload":{"query":5}}'])(
    'that is not of the protocol (%s) is left to be refused',
    (data) => {
      const read = createMessageReader()(data);
      expect(read === data || JSON.stringify(read) === data).toBe(true);
    },
  );

  it('is read right however many documents came before it', () => {
    const read = createMessageReader();
    for (let index = 0; index < 3_000; index++) {
      const message = { payload: { query: `{ a${index} }` } };
      expect(read(JSON.stringify(message))).toEqual(message);
    }
  });
});
