import { stringifyDocument } from '@urql/core';
import {
  ExampleCandlesDocument,
  ExampleForecastsDocument,
  ExampleStreamDocument,
  RateLimitDocument,
} from '../graphql/documents/developers.ts';

/** A document to begin with. Each is on the gateway's list: it runs without a key. */
export interface Example {
  readonly label: string;
  readonly text: string;
  readonly variables: string;
}

/** Returns the examples, asking for one pair. */
export function listExamples(symbol: string): readonly Example[] {
  const variables = JSON.stringify({ symbol }, null, 2);
  return [
    { label: 'Candles with their certificate', text: stringifyDocument(ExampleCandlesDocument), variables },
    { label: 'The newest forecasts', text: stringifyDocument(ExampleForecastsDocument), variables },
    { label: 'Live candles', text: stringifyDocument(ExampleStreamDocument), variables },
    { label: 'My quota', text: stringifyDocument(RateLimitDocument), variables: '{}' },
  ];
}
