import type { GraphQLSchema } from 'graphql';
import './scalars.ts';
import './instrument.ts';
import './candles.ts';
import './bars.ts';
import './market-summary.ts';
import './subscribe-market-summary.ts';
import './daily-totals.ts';
import './external-series.ts';
import './forecast.ts';
import './freshness.ts';
import './gaps.ts';
import './data-quality.ts';
import './subscribe-candles.ts';
import './subscribe-forecasts.ts';
import './top-of-book.ts';
import './top-of-book-history.ts';
import './trades.ts';
import './subscribe-trades.ts';
import './depth.ts';
import './feed-status.ts';
import './backfill-progress.ts';
import './tracking.ts';
import './api-keys.ts';
import './rate-limit.ts';
import { builder } from './builder.ts';

/** The schema: every noun's file adds itself to the builder. */
export const schema: GraphQLSchema = builder.toSchema();
