import styles from './links.module.css';

const PLACES = [
  { path: '/llms.txt', label: 'The API guide', hint: 'Quick start, cookbook, limits, errors, cursors: as one text' },
  { path: '/schema.graphql', label: 'The schema', hint: 'Every type, field and argument with its rule' },
  { path: '/graphql', label: 'GraphiQL', hint: 'Ask it in the browser, with examples' },
] as const;

/** Where the rest of the docs is: at the gateway, which always shows those of its own version. `gateway` is its address as browsers reach it. */
export function DocLinks({ gateway }: { readonly gateway: string }) {
  return (
    <ul className={styles.links}>
      {PLACES.map(({ path, label, hint }) => (
        <li key={path}>
          <a href={`${gateway}${path}`}>
            <b>{label}</b>
            <small>{hint}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Returns the gateway's address for browsers, of that of its WebSocket. */
export function gatewayOrigin(socketUrl: string): string {
  const { protocol, host } = new URL(socketUrl);
  return `${protocol === 'wss:' ? 'https' : 'http'}://${host}`;
}
