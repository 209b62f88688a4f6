import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const OVER = 'alerts over GraphQL';
const STREAM = 'the subscription to alerts';
const LIFE = gateway('alerts', `${OVER} > are made, fire, are listed with what fired, and deleted`);
const PAGES = gateway('alerts', `${OVER} > are paged, the newest firing first`);
const PRIVATE = gateway('alerts', `${OVER} > are nobody else’s business`);
const LEFT_OUT = gateway('alerts', `${OVER} > say what %s stands for when it is left out`);
const REFUSED = gateway('alert-refusals', `${OVER} > are refused for %s`);
const RESUMED = gateway('alerts', `${STREAM} > begins with a heartbeat, and goes on after a cursor without hole or repeat`);

/** What holds alerts. */
export const ALERT_COVERAGE: CoverageMap = {
  'R.alerts': [
    ...gateway('alerts/kills', 'alerts whose process is killed at any step > lose no firing and double none (seed %i)'),
    ...gateway('alerts/take-over', 'fires each crossing once when the gateway that evaluates is killed: another one goes on'),
    ...gateway(
      'alerts/kinds',
      'PRICE_LEVEL > fires when a minute closes beyond the level, and again only once the price has gone back far enough',
    ),
    ...PRIVATE,
  ],
  'Query.alerts': [...LIFE, ...PRIVATE],
  'Query.alertFirings*': [...PAGES, ...PRIVATE],
  'Mutation.createAlert*': [...LIFE, ...REFUSED],
  'Mutation.deleteAlert*': LIFE,
  'Subscription.alertFired*': [...RESUMED, ...PRIVATE],
  'CreateAlertInput.*': LIFE,
  'AlertRuleInput.*': [...LEFT_OUT, ...REFUSED],
  'Alert.*': LIFE,
  'AlertFiring.*': LIFE,
  'AlertFiringConnection.*': PAGES,
  'AlertFiringEdge.*': PAGES,
  'AlertFiringEvent.*': RESUMED,
  'AlertFired.*': RESUMED,
  'PriceLevelInput.*': [...LIFE, ...REFUSED],
  'PriceMoveInput.*': [...LEFT_OUT, ...REFUSED],
  'AverageCrossInput.*': [...LEFT_OUT, ...REFUSED],
  'RsiLevelInput.*': [...LEFT_OUT, ...REFUSED],
  'ForecastFlipInput.*': [...LEFT_OUT, ...REFUSED],
  'StaleDataInput.*': [...LEFT_OUT, ...REFUSED],
  'AlertRule.*': LEFT_OUT,
  'PriceLevelRule.*': LIFE,
  'PriceMoveRule.*': LEFT_OUT,
  'AverageCrossRule.*': LEFT_OUT,
  'RsiLevelRule.*': LEFT_OUT,
  'ForecastFlipRule.*': LEFT_OUT,
  'StaleDataRule.*': LEFT_OUT,
};
