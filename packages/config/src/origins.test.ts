import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

const read = (text: string) => readSettings(['CANDLECAST_ORIGINS'], { CANDLECAST_ORIGINS: text });

describe('CANDLECAST_ORIGINS', () => {
  it('is a list of origins as browsers send them', () => {
    expect(read('https://candles.example, http://localhost:3000')).toMatchObject({
      ok: true,
      value: { CANDLECAST_ORIGINS: ['https://candles.example', 'http://localhost:3000'] },
    });
  });

  it.each(['candles.example', 'https://candles.example/', 'https://candles.example/app', '*', 'https://*.example', 'null'])(
    'is not %j',
    (text) => {
      expect(read(text).ok).toBe(false);
    },
  );
});
