import type { Client } from '@urql/core';
import { type AlertFeed, createAlertFeed } from './alert-feed.ts';
import { showNotice } from './desktop-notice.ts';
import { type MutedAlerts, openMutedAlerts } from './muted-alerts.ts';

/** What the parts of the alerts share. */
export interface AlertServices {
  readonly feed: AlertFeed;
  readonly muted: MutedAlerts;
}

/** Makes the alerts of the page: what fires is shown by the browser, unless it is muted here. */
export function createAlertServices(client: Client): AlertServices {
  const muted = openMutedAlerts(localStorage);
  const feed = createAlertFeed({
    client,
    onFired(firing, title) {
      if (!muted.getState().ids.includes(firing.alertId)) showNotice(title, firing.reason, firing.id);
    },
  });
  return { feed, muted };
}
