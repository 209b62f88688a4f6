import type { StoreApi } from 'zustand';
import type { WorkspaceState } from './services.ts';
import { workspaceHref } from './workspace-url.ts';

/** Browsers refuse an address that changes too often: 100 times in half a minute at the strictest. */
const LEAST_MS = 320;

/** Keeps the page's address on what it shows; `toHref` writes it where it is not that of the live workspace. Returns how to stop. */
export function followAddress(workspace: StoreApi<WorkspaceState>, isDebug: boolean, toHref = workspaceHref): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = '';
  const write = () => {
    const address = `${toHref(workspace.getState())}${isDebug ? '&debug=1' : ''}`;
    if (address !== written) history.replaceState(null, '', address);
    written = address;
  };
  const stop = workspace.subscribe(() => {
    if (timer !== undefined) return;
    write();
    timer = setTimeout(() => {
      timer = undefined;
      write();
    }, LEAST_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
