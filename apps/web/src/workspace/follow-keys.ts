import type { StoreApi } from 'zustand';
import type { WorkspaceState } from './services.ts';

/** Alt+Enter maximises the active pane or restores the grid, Escape restores it, Alt+1 to Alt+4 choose a pane. Returns how to stop. */
export function followKeys(workspace: StoreApi<WorkspaceState>): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const pane = event.altKey ? ['Digit1', 'Digit2', 'Digit3', 'Digit4'].indexOf(event.code) : -1;
    if (event.altKey && event.key === 'Enter') workspace.setState(({ isMaximised }) => ({ isMaximised: !isMaximised }));
    else if (event.key === 'Escape' && !document.querySelector(':popover-open')) workspace.setState({ isMaximised: false });
    else if (pane >= 0) workspace.setState({ active: pane });
    else return;
    if (event.altKey) event.preventDefault();
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}
