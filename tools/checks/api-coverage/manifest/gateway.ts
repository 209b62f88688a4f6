/** Names tests of `apps/gateway/src/FILE.test.ts`, each by its suites and title. */
export function gateway(file: string, ...titles: readonly string[]): string[] {
  return titles.map((title) => `apps/gateway/src/${file}.test.ts > ${title}`);
}

/** Names tests of `packages/client/src/FILE.test.ts`. */
export function client(file: string, ...titles: readonly string[]): string[] {
  return titles.map((title) => `packages/client/src/${file}.test.ts > ${title}`);
}
