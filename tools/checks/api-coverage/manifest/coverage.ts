import type { CoverageMap } from '../cover.ts';
import { ALERT_COVERAGE } from './alerts.ts';
import { FORECAST_COVERAGE } from './forecasts.ts';
import { HINDCAST_COVERAGE } from './hindcasts.ts';
import { LIVE_COVERAGE } from './live.ts';
import { MARKET_COVERAGE } from './market.ts';
import { REPLAY_COVERAGE } from './replay.ts';
import { RULE_COVERAGE } from './rules.ts';
import { SIGNAL_COVERAGE } from './signals.ts';
import { WEBHOOK_COVERAGE } from './webhooks.ts';
import { WORK_COVERAGE } from './work.ts';

/** Which tests hold which lines of the contract and which parts of the schema. */
export const COVERAGE: CoverageMap = {
  ...RULE_COVERAGE,
  ...MARKET_COVERAGE,
  ...LIVE_COVERAGE,
  ...FORECAST_COVERAGE,
  ...REPLAY_COVERAGE,
  ...HINDCAST_COVERAGE,
  ...SIGNAL_COVERAGE,
  ...WEBHOOK_COVERAGE,
  ...WORK_COVERAGE,
  ...ALERT_COVERAGE,
};
