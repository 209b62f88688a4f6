import { describe, expect, it } from 'vitest';
import { decideControl } from './control.ts';

const link = { combined: false, streams: new Set(['btcusdt@kline_1m']) };
const decide = (message: object | string) => decideControl(typeof message === 'string' ? message : JSON.stringify(message), link);
const replyTo = (message: object | string) => {
  const outcome = decide(message);
  return outcome.kind === 'ignore'
    ? undefined
    : (JSON.parse(outcome.reply) as { code?: number; msg?: string; id?: unknown; result?: unknown });
};

describe('control messages', () => {
  it('subscribe and unsubscribe', () => {
    expect(decide({ method: 'SUBSCRIBE', params: ['ethusdt@trade', 'nope@aggTrade'], id: 1 })).toEqual({
      kind: 'subscribe',
      streams: ['ethusdt@trade', 'nope@aggTrade'],
      reply: '{"result":null,"id":1}',
    });
    expect(decide({ method: 'UNSUBSCRIBE', params: ['btcusdt@kline_1m'], id: 'a-2' })).toMatchObject({
      kind: 'unsubscribe',
      reply: '{"result":null,"id":"a-2"}',
    });
  });

  it('list what is subscribed', () => {
    expect(replyTo({ method: 'LIST_SUBSCRIPTIONS', id: 3 })).toEqual({ result: ['btcusdt@kline_1m'], id: 3 });
  });

  it('get and set the property', () => {
    expect(replyTo({ method: 'GET_PROPERTY', params: ['combined'], id: 5 })).toEqual({ result: false, id: 5 });
    expect(decide({ method: 'SET_PROPERTY', params: ['combined', true], id: 4 })).toEqual({
      kind: 'combined',
      combined: true,
      reply: '{"result":null,"id":4}',
    });
  });

  it.each([
    ['9223372036854775807', true],
    ['-9223372036854775808', true],
    ['9223372036854775808', false],
    ['1.5', false],
    ['"abcdefghijklmnopqrstuvwxyz0123456789"', true],
    ['"abcdefghijklmnopqrstuvwxyz01234567890"', false],
    ['"with space"', false],
    ['null', true],
    ['true', false],
    ['{}', false],
  ])('take the id %s: %s', (id, isLegal) => {
    const outcome = decide(`{"method":"LIST_SUBSCRIPTIONS","id":${id}}`);
    expect(outcome.kind === 'reply' && outcome.reply.startsWith('{"result"')).toBe(isLegal);
    if (isLegal && outcome.kind === 'reply') expect(outcome.reply).toContain(`"id":${id}}`);
  });

  it.each([
    [0, { method: 'SET_PROPERTY', params: ['colour', true], id: 1 }],
    [0, { method: 'GET_PROPERTY', params: ['colour'], id: 1 }],
    [1, { method: 'SET_PROPERTY', params: ['combined', 'yes'], id: 1 }],
    [1, { method: 'SET_PROPERTY', params: ['combined'], id: 1 }],
    [2, { method: 'SET_PROPERTY', params: [7, true], id: 1 }],
    [2, { method: 'SET_PROPERTY', params: ['combined', true, 1], id: 1 }],
    [2, { method: 'GET_PROPERTY', params: ['combined', true], id: 1 }],
    [2, { method: 'DANCE', params: [], id: 1 }],
    [2, { params: ['btcusdt@trade'], id: 1 }],
    [2, { method: 'SUBSCRIBE', params: 'btcusdt@trade', id: 1 }],
    [2, { method: 'SUBSCRIBE', params: ['nonsense'], id: 1 }],
    [2, { method: 'SUBSCRIBE', params: [42], id: 1 }],
    [3, 'hello'],
    [3, '[1]'],
    [3, ''],
  ])('answer code %i', (code, message) => {
    expect(replyTo(message)).toMatchObject({ code, msg: expect.stringMatching(/^(Invalid|Unknown)/) });
  });

  it('name the methods for an unknown one', () => {
    expect(replyTo({ method: 'DANCE', id: 9 })).toMatchObject({
      id: 9,
      msg: expect.stringContaining('expected one of `SUBSCRIBE`, `UNSUBSCRIBE`'),
    });
  });

  it('are ignored when they are too long', () => {
    expect(decide({ method: 'SUBSCRIBE', params: Array.from({ length: 440 }, (_, index) => `sym${index}usdt@kline_1m`), id: 1 })).toEqual({
      kind: 'ignore',
    });
  });

  it('are refused beyond 1,024 streams', () => {
    const full = { combined: true, streams: new Set(Array.from({ length: 1_024 }, (_, index) => `s${index}@trade`)) };
    expect(decideControl('{"method":"SUBSCRIBE","params":["one@trade"],"id":1}', full)).toMatchObject({
      kind: 'reply',
      reply: expect.stringContaining('"code":2'),
    });
    expect(decideControl('{"method":"SUBSCRIBE","params":["s7@trade"],"id":1}', full)).toMatchObject({ kind: 'subscribe' });
  });
});
