import type { Theme } from '../workspace/workspace-url.ts';

/** A page of the site as the header names it. */
export interface SitePage {
  readonly path: string;
  readonly label: string;
}

/** Every page that the header leads to, in its order. */
export const SITE_PAGES: readonly SitePage[] = [
  { path: '/', label: 'Workspace' },
  { path: '/markets', label: 'Markets' },
  { path: '/forecasts', label: 'Forecasts' },
  { path: '/models', label: 'Models' },
  { path: '/replay', label: 'Replay' },
  { path: '/developers', label: 'Developers' },
  { path: '/status', label: 'Status' },
  { path: '/about', label: 'About' },
];

/** Tells whether a page of the header is the one shown, or the one above it: an instrument stands under Markets. */
export function isCurrentPage(page: string, shown: string): boolean {
  if (page === '/markets' && shown.startsWith('/i/')) return true;
  return page === shown || (page !== '/' && shown.startsWith(`${page}/`));
}

/** A query of an address; what is undefined or empty is left out. */
export type PageQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Returns an address on this site with its query and the theme, which is left out when it is the dark one. `#` in `path` stays at the end. */
export function pageHref(path: string, theme: Theme, query: PageQuery = {}): string {
  const [bare = '', fragment] = path.split('#');
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    name === 'theme' ? [] : [value ?? []].flat().map((text) => [name, `${text}`]),
  );
  const search = new URLSearchParams([...pairs.filter(([, text]) => text !== ''), ...(theme === 'light' ? [['theme', theme]] : [])]);
  return `${bare}${search.size > 0 ? `?${search}` : ''}${fragment === undefined ? '' : `#${fragment}`}`;
}
