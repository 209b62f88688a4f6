import { readFileSync } from 'node:fs';
import { isEnumType, isIntrospectionType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { printSortedSchema } from './print-schema.ts';
import { schema } from './schema.ts';

const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));

describe('the schema', () => {
  it('is the committed one (npm run schema:print -w @candlecast/gateway)', () => {
    expect(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')).toBe(printSortedSchema());
  });

  it('describes every type, field and argument', () => {
    const bare = types.flatMap((type) => [
      ...(type.description ? [] : [type.name]),
      ...(isObjectType(type) ? Object.values(type.getFields()) : []).flatMap((field) => [
        ...(field.description ? [] : [`${type.name}.${field.name}`]),
        ...field.args.filter((argument) => !argument.description).map((argument) => `${type.name}.${field.name}(${argument.name})`),
      ]),
    ]);
    expect(bare).toEqual([]);
  });

  it('states the snapshot rule and the update rate of every subscription', () => {
    for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
      expect(field.description, field.name).toMatch(/snapshot rule: /i);
      expect(field.description, field.name).toMatch(/update rate: /i);
    }
  });

  it('names what the API promises', () => {
    const names = types.filter((type) => isObjectType(type) || isEnumType(type)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['CandleConnection', 'InstrumentConnection', 'Bars', 'MarketSummary', 'Forecast', 'Freshness']),
    );
    const marketData = ['bars', 'candles', 'dailyTotals', 'dataQuality', 'depth', 'externalSeries', 'freshness', 'gaps', 'instrument'];
    const guarded = ['apiKeys', 'rateLimit'];
    const more = ['instruments', 'latestForecasts', 'marketSummary', 'topOfBook', 'topOfBookHistory', 'trades'];
    const fieldsOf = (type: { getFields(): object } | null | undefined) => Object.keys(type?.getFields() ?? {});
    expect(fieldsOf(schema.getQueryType())).toEqual(expect.arrayContaining([...marketData, ...more, ...guarded]));
    expect(fieldsOf(schema.getMutationType())).toEqual(
      expect.arrayContaining(['createApiKey', 'revokeApiKey', 'rotateApiKey', 'trackInstrument', 'untrackInstrument']),
    );
    const streams = ['backfillProgress', 'candles', 'feedStatus', 'forecasts', 'marketSummary', 'topOfBook', 'trades'];
    expect(fieldsOf(schema.getSubscriptionType())).toEqual(expect.arrayContaining(streams));
  });
});
