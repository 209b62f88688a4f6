'use client';

import { lazy, Suspense } from 'react';
import { useWorkspace } from '../services.ts';

const SearchDialog = lazy(() => import('./search-dialog.tsx').then(({ SearchDialog }) => ({ default: SearchDialog })));
const IntervalDialog = lazy(() => import('./interval-dialog.tsx').then(({ IntervalDialog }) => ({ default: IntervalDialog })));
const IndicatorsDialog = lazy(() => import('./indicators-dialog.tsx').then(({ IndicatorsDialog }) => ({ default: IndicatorsDialog })));
const LayoutsDialog = lazy(() => import('./layouts-dialog.tsx').then(({ LayoutsDialog }) => ({ default: LayoutsDialog })));
const AppearanceDialog = lazy(() => import('./appearance-dialog.tsx').then(({ AppearanceDialog }) => ({ default: AppearanceDialog })));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx').then(({ ShortcutsDialog }) => ({ default: ShortcutsDialog })));

/** The dialog that is open; each is loaded when it is first asked for. */
export function DialogHost() {
  const dialog = useWorkspace((state) => state.dialog);
  if (!dialog) return null;
  return (
    <Suspense>
      {dialog.kind === 'search' && <SearchDialog typed={dialog.text} purpose={dialog.purpose} />}
      {dialog.kind === 'interval' && <IntervalDialog typed={dialog.text} />}
      {dialog.kind === 'indicators' && <IndicatorsDialog />}
      {dialog.kind === 'layouts' && <LayoutsDialog />}
      {dialog.kind === 'appearance' && <AppearanceDialog />}
      {dialog.kind === 'shortcuts' && <ShortcutsDialog />}
    </Suspense>
  );
}
