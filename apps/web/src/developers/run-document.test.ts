import { stringifyDocument } from '@urql/core';
import { describe, expect, it, vi } from 'vitest';
import { ExampleStreamDocument } from '../graphql/documents/developers.ts';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { readDraft, type Shown, sendDraft, withoutTypenames } from './run-document.ts';

const draft = (text: string, variables = '{}') => readDraft({ text, variables, key: '' });

describe('a typed document', () => {
  it.each([
    ['variables that are no JSON', '{ a }', '{', /^the variables are no JSON: /],
    ['variables that are a list', '{ a }', '[1]', /^the variables are no JSON object$/],
    ['a text that is no GraphQL', 'hello', '', /./],
    ['two operations', 'query A { a } query B { b }', '', /^the document has 2 operations, one is needed$/],
    ['no operation', 'fragment F on T { a }', '', /^the document has 0 operations, one is needed$/],
    ['too long a text', `{ a } #${'x'.repeat(20_000)}`, '', /20007 letters, 20000 are allowed$/],
    [
      'the name of a query that goes by its hash',
      'query Markets { a }',
      '',
      /^"Markets" is the name of a query of these pages: choose another$/,
    ],
  ])('is refused with %s', (_, text, variables, message) => {
    const read = draft(text, variables);
    expect(read).toMatchObject({ ok: false, failure: { code: 'BAD_USER_INPUT' } });
    expect(!read.ok && read.failure.message).toMatch(message);
  });

  it('is sent with its variables, and what comes back is shown as it came', async () => {
    const gateway = createScriptedGateway();
    gateway.answer('Mine', () => ({ data: { limit: { __typename: 'RateLimit', remaining: 3 } } }));
    const read = draft('query Mine($n: Int) { limit(n: $n) { remaining } }', '{ "n": 1 }');
    if (!read.ok) throw new Error(read.failure.message);
    const shown = await new Promise<Shown>((resolve) => sendDraft(gateway.client, read.draft, '', resolve));
    expect(gateway.asked).toEqual([{ name: 'Mine', variables: { n: 1 } }]);
    expect(shown).toEqual({ ok: true, data: { limit: { remaining: 3 } } });
  });

  it('shows what the gateway refuses', async () => {
    const gateway = createScriptedGateway();
    gateway.answer('Mine', () => ({ errors: [{ message: 'no', extensions: { code: 'NOT_FOUND' } }] }) as never);
    const read = draft('query Mine { a }');
    if (!read.ok) throw new Error(read.failure.message);
    const shown = await new Promise<Shown>((resolve) => sendDraft(gateway.client, read.draft, '', resolve));
    expect(shown).toEqual({ ok: false, failure: { code: 'NOT_FOUND', message: 'no' } });
  });

  it('runs as a stream until it is stopped', async () => {
    const gateway = createScriptedGateway();
    const read = draft(stringifyDocument(ExampleStreamDocument), '{ "symbol": "BTCUSDT" }');
    if (!read.ok) throw new Error(read.failure.message);
    const events: Shown[] = [];
    const stop = sendDraft(gateway.client, read.draft, '', (shown) => events.push(shown));
    await vi.waitFor(() => expect(gateway.running()).toEqual(['ExampleStream']));
    gateway.send('ExampleStream', { candles: { __typename: 'StreamHeartbeat', cursor: 'c' } });
    expect(events).toEqual([{ ok: true, data: { candles: { __typename: 'StreamHeartbeat', cursor: 'c' } } }]);
    stop();
    expect(gateway.running()).toEqual([]);
  });
});

it('takes names of types out at every depth', () => {
  expect(withoutTypenames({ __typename: 'Q', a: [{ __typename: 'A', b: null }], c: 1 })).toEqual({ a: [{ b: null }], c: 1 });
});
