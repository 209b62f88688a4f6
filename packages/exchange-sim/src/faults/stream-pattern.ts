/** Returns a test for stream names: the whole name, where `*` stands for anything. Everything matches when there is no pattern. */
export function toStreamTest(pattern: string | undefined): (stream: string) => boolean {
  if (pattern === undefined || pattern === '*') return () => true;
  if (!pattern.includes('*')) return (stream) => stream === pattern;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const test = new RegExp(`^${parts.join('.*')}$`, 'u');
  return (stream) => test.test(stream);
}
