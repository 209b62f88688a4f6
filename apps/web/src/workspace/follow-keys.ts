import type { StoreApi } from 'zustand';
import type { DialogWish } from './dialogs/dialog-wish.ts';
import type { WorkspaceState } from './services.ts';

const PANE_KEYS = Array.from({ length: 9 }, (_, index) => `Digit${index + 1}`);
const TYPING = 'input, textarea, select, [contenteditable="true"]';

/**
 * Alt+Enter maximises the active pane or restores the grid, Escape restores it, Alt+1 to Alt+9 choose a pane. A letter opens the search, a
 * digit the interval, `?` the list of shortcuts, unless somebody types into a field. Returns how to stop.
 */
export function followKeys(workspace: StoreApi<WorkspaceState>): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const { dialog, panes } = workspace.getState();
    const pane = event.altKey ? PANE_KEYS.indexOf(event.code) : -1;
    const wish = event.altKey || event.ctrlKey || event.metaKey || event.isComposing ? undefined : wishOf(event, dialog);
    if (event.altKey && event.key === 'Enter') workspace.setState(({ isMaximised }) => ({ isMaximised: !isMaximised }));
    else if (event.key === 'Escape' && !document.querySelector(':popover-open, dialog[open]')) workspace.setState({ isMaximised: false });
    else if (pane >= 0 && pane < panes.length) workspace.setState({ active: pane });
    else if (wish) workspace.setState({ dialog: wish });
    else return;
    if (event.altKey || wish) event.preventDefault();
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

/** Keys that come while a dialog is still being loaded are typed into it. */
function wishOf({ key, target }: KeyboardEvent, open: DialogWish | undefined): DialogWish | undefined {
  if (target instanceof Element && target.closest(`${TYPING}, dialog, [role="menu"]`)) return undefined;
  if (!/^[\p{L}\p{N}?]$/u.test(key)) return undefined;
  if (open) return 'text' in open && key !== '?' ? { ...open, text: `${open.text}${key}` } : undefined;
  if (key === '?') return { kind: 'shortcuts' };
  return /^\d$/.test(key) ? { kind: 'interval', text: key } : { kind: 'search', text: key, purpose: 'show' };
}
