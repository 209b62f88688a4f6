'use client';

import { useEffect } from 'react';
import { Provider } from 'urql';
import { PageTitle } from '../watchlist/page-title.tsx';
import { Announcer } from './announcer.tsx';
import { DialogHost } from './dialogs/dialog-host.tsx';
import { followKeys } from './follow-keys.ts';
import { useServices } from './services.ts';
import { useMarketRows } from './use-market-data.ts';

/** What the page is readable without: newest prices, its title, its keys, what is told to screen readers, dialogs. */
export function AfterPaint({ isReplay }: { readonly isReplay: boolean }) {
  const ids = useMarketRows()
    .map(({ instrument }) => instrument.id)
    .join(',');
  const { client, market, rows, workspace } = useServices();
  useEffect(() => rows.follow(), [rows]);
  useEffect(() => followKeys(workspace), [workspace]);
  useEffect(() => (ids === '' ? undefined : market.start(ids.split(','))), [market, ids]);
  return (
    <>
      <PageTitle isReplay={isReplay} />
      <Announcer />
      <Provider value={client}>
        <DialogHost />
      </Provider>
    </>
  );
}
