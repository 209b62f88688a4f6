import { describe, expect, it } from 'vitest';
import type { LocalEvent } from '../local-event.ts';
import { createPlainReporter } from './plain-reporter.ts';
import { appText, durationText, sentence, trainingText } from './text.ts';

describe('text for the terminal', () => {
  it('makes a sentence of a message', () => {
    expect(sentence('port 1 is in use')).toBe('Port 1 is in use.');
    expect(sentence('Done.')).toBe('Done.');
  });

  it('aligns durations', () => {
    expect([950, 12_340].map(durationText)).toEqual(['   0.9 s', '  12.3 s']);
  });

  it('says how an app ended', () => {
    const end = { type: 'app-ended', app: 'ingest', restartMs: 250 } as const;
    expect(appText({ ...end, code: null, signal: 'SIGKILL' })).toBe('ingest ended (SIGKILL), starting it again in 250 ms');
    expect(appText({ ...end, code: 3, signal: null })).toContain('(code 3)');
  });

  it('says how far training is', () => {
    const none = { epoch: 0, epochs: 0, model: null };
    expect(trainingText({ ...none, phase: 'waiting' })).toBe('The first model waits for history');
    expect(trainingText({ ...none, phase: 'training' })).toBe('Training the first model');
    expect(trainingText({ ...none, phase: 'training', epoch: 3, epochs: 8 })).toBe('Training the first model, epoch 3 of 8');
    expect(trainingText({ ...none, phase: 'serving', model: { name: 'lstm', version: '1' } })).toBe('Forecasts come from lstm 1');
  });
});

describe('createPlainReporter', () => {
  it('prints a line for each finished step, each tenth of history and each phase of training', () => {
    const lines: string[] = [];
    const { onEvent } = createPlainReporter((line) => lines.push(line));
    const history = (rowsDone: number): LocalEvent => ({
      type: 'history',
      progress: { rowsDone, rowsWanted: 100, liveInstruments: 0, instruments: 1 },
    });
    onEvent({ type: 'step-started', step: 'Ports' });
    onEvent({ type: 'step-finished', step: 'Ports', durationMs: 12, detail: 'free' });
    for (const rows of [0, 5, 30, 34]) onEvent(history(rows));
    for (const epoch of [1, 2]) onEvent({ type: 'training', progress: { phase: 'training', epoch, epochs: 2, model: null } });
    expect(lines).toEqual([
      'Ports                  0.0 s  free',
      'History 0 % (0 of 100 candles)',
      'History 30 % (30 of 100 candles)',
      'Training the first model, epoch 1 of 2.',
    ]);
  });
});
