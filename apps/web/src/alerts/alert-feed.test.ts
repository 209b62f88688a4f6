import { describe, expect, it, vi } from 'vitest';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { createAlertFeed } from './alert-feed.ts';

const firing = (id: string) => ({
  ...{ __typename: 'AlertFiring', id, alertId: 'a', at: `2022-01-03T12:0${id}:00Z`, crossed: 'UP', value: '101', level: '100' },
  reason: 'the price went up through 100',
});
const listOf = (...ids: string[]) => ({
  alerts: [],
  alertFirings: {
    __typename: 'AlertFiringConnection',
    edges: ids.map((id) => ({ __typename: 'AlertFiringEdge', node: firing(id) })),
  },
});

function setUp() {
  const gateway = createScriptedGateway();
  gateway.answer('Alerts', () => ({ data: listOf('1') }));
  const onFired = vi.fn();
  return { gateway, onFired, feed: createAlertFeed({ client: gateway.client, onFired }) };
}
const fire = (id: string) => ({
  alertFired: { __typename: 'AlertFiringEvent', symbol: 'SIM:BTCUSDT', kind: 'PRICE_LEVEL', note: null, firing: firing(id), cursor: 'c' },
});

describe('the alerts of a visitor', () => {
  it('tell of every firing once, and list it', async () => {
    const { gateway, feed, onFired } = setUp();
    const stop = feed.start();
    await vi.waitFor(() => expect(feed.state.getState().phase).toBe('ready'));
    gateway.send('AlertFired', fire('2'));
    gateway.send('AlertFired', fire('2'));
    expect(feed.state.getState().firings.map(({ id }) => id)).toEqual(['2', '1']);
    expect(feed.state.getState().unseen).toBe(1);
    expect(onFired.mock.calls.map(([{ id }, title]) => [id, title])).toEqual([['2', 'SIM:BTCUSDT']]);
    feed.see();
    expect(feed.state.getState().unseen).toBe(0);
    stop();
    expect(gateway.running()).toEqual([]);
  });

  it('say that there are none for who may not have any', async () => {
    const { gateway, feed } = setUp();
    gateway.answer('Alerts', () => ({ errors: [{ message: 'this needs an API key', extensions: { code: 'UNAUTHENTICATED' } }] as never }));
    const stop = feed.start();
    await vi.waitFor(() => expect(feed.state.getState()).toMatchObject({ phase: 'refused', failure: { code: 'UNAUTHENTICATED' } }));
    stop();
  });

  it('hand on why one could not be made', async () => {
    const { gateway, feed } = setUp();
    gateway.answer('CreateAlert', () => ({
      errors: [{ message: 'there are 50 alerts', extensions: { code: 'QUOTA_EXCEEDED' } }] as never,
    }));
    const failure = await feed.create({ symbol: 'SIM:BTCUSDT', rule: { priceLevel: { level: '1' as never } } } as never);
    expect(failure).toEqual({ code: 'QUOTA_EXCEEDED', message: 'there are 50 alerts' });
  });

  it('are what is left after one was deleted, though an answer from before that was still on its way', async () => {
    const { gateway, feed } = setUp();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    gateway.answer('Alerts', async () => {
      await held;
      return { data: listOf('1') };
    });
    const stop = feed.start();
    await vi.waitFor(() => expect(gateway.asked.map(({ name }) => name)).toContain('Alerts'));
    gateway.answer('DeleteAlert', () => ({ data: { deleteAlert: { __typename: 'Alert', id: 'a' } } }));
    gateway.answer('Alerts', () => ({ data: listOf('3') }));
    const removed = feed.remove('a');
    await vi.waitFor(() => expect(gateway.asked.map(({ name }) => name)).toContain('DeleteAlert'));
    answer();
    await removed;
    expect(feed.state.getState().firings.map(({ id }) => id)).toEqual(['3']);
    stop();
  });

  it('say why one could not be deleted', async () => {
    const { gateway, feed } = setUp();
    gateway.answer('DeleteAlert', () => ({ errors: [{ message: 'not so fast', extensions: { code: 'RATE_LIMITED' } }] as never }));
    await feed.remove('a');
    expect(feed.state.getState().failure).toEqual({ code: 'RATE_LIMITED', message: 'not so fast' });
  });
});
