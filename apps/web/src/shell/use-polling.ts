import { useEffect } from 'react';

/** Calls `ask` every `everyMs` while the page is visible, and once when it becomes visible again. */
export function usePolling(ask: () => void, everyMs: number): void {
  useEffect(() => {
    const askIfSeen = () => {
      if (document.visibilityState === 'visible') ask();
    };
    const timer = setInterval(askIfSeen, everyMs);
    document.addEventListener('visibilitychange', askIfSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', askIfSeen);
    };
  }, [ask, everyMs]);
}
