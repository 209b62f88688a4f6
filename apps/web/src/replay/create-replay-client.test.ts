import type { EpochMs } from '@candlecast/domain';
import type { SubscriptionForwarder } from '@urql/core';
import { describe, expect, it } from 'vitest';
import { forwardReplayed } from './create-replay-client.ts';

const PACE = { replayFrom: Date.parse('2022-01-03T12:00:00Z') as EpochMs, speed: 60, anchoredAt: 0 as EpochMs };

describe("a replay's way to the socket", () => {
  it('carries the same subscriptions with a clock, and none that has no past', () => {
    const sent: { query: string | undefined; variables: unknown }[] = [];
    const forward: SubscriptionForwarder = ({ query, variables }) => {
      sent.push({ query, variables });
      return { subscribe: () => ({ unsubscribe: () => undefined }) };
    };
    const replayed = forwardReplayed(forward, PACE);
    const sink = { next: () => undefined, error: () => undefined, complete: () => undefined };
    const run = (operationName: string) =>
      replayed({ query: '', extensions: undefined, operationName, variables: { symbol: 'SIM:A' } }, {} as never).subscribe(sink);
    run('Trades');
    run('AlertFired').unsubscribe();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.query).toContain('subscription ReplayedTrades');
    expect(sent[0]?.variables).toMatchObject({ clock: { replayFrom: '2022-01-03T12:00:00.000Z', speed: 60 } });
  });
});
