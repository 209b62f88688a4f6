import { useEffect, useState } from 'react';

/** Tells whether the page is alive: false while it is as the server rendered it. */
export function useHasMounted(): boolean {
  const [hasMounted, setHasMounted] = useState(false);
  useEffect(() => setHasMounted(true), []);
  return hasMounted;
}
