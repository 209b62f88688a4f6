'use client';

import { type ComponentProps, lazy, Suspense } from 'react';

const Figures = lazy(() => import('./instrument-figures.tsx').then((part) => ({ default: part.InstrumentFigures })));
const Others = lazy(() => import('./other-instruments.tsx').then((part) => ({ default: part.OtherInstruments })));
const Record = lazy(() => import('../models/record-table.tsx').then((part) => ({ default: part.RecordTable })));

/** The newest figures: rendered on the server like all else, and brought to life after the chart. */
export function LaterFigures(props: ComponentProps<typeof Figures>) {
  return (
    <Suspense>
      <Figures {...props} />
    </Suspense>
  );
}

/** The other pairs, brought to life as late. */
export function LaterOthers(props: ComponentProps<typeof Others>) {
  return (
    <Suspense>
      <Others {...props} />
    </Suspense>
  );
}

/** What forecasts came to, brought to life as late. */
export function LaterRecord(props: ComponentProps<typeof Record>) {
  return (
    <Suspense>
      <Record {...props} />
    </Suspense>
  );
}
