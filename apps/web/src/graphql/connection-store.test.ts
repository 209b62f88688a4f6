import { describe, expect, it } from 'vitest';
import { countRecovered, createConnectionStore, setPaused, setSocketState } from './connection-store.ts';

describe('the state of the socket', () => {
  it('counts how often streams have been taken up again: after a cut, and after a pause', () => {
    const connection = createConnectionStore();
    const resumed = () => connection.getState().resumed;
    setSocketState(connection, 'connected');
    expect(resumed()).toBe(0);
    setSocketState(connection, 'reconnecting');
    setSocketState(connection, 'connected');
    expect(resumed()).toBe(1);
    setPaused(connection, true);
    expect([resumed(), connection.getState().isPaused]).toEqual([1, true]);
    setPaused(connection, false);
    expect([resumed(), connection.getState().isPaused]).toEqual([2, false]);
  });

  it('adds up what all streams have caught up on, anew with each cut', () => {
    const connection = createConnectionStore();
    countRecovered(connection, 3);
    countRecovered(connection, 4);
    expect(connection.getState().recovered).toEqual({ count: 7 });
    setSocketState(connection, 'reconnecting');
    expect(connection.getState().recovered).toBeUndefined();
  });
});
