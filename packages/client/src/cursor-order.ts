/**
 * Tells whether `cursor` lies after `other` in the same log, so that an event seen twice is shown once. Of two logs, or of text that is
 * no stream cursor, it says true: when in doubt nothing is dropped.
 */
export function isAfter(cursor: string, other: string): boolean {
  const a = decode(cursor);
  const b = decode(other);
  return a === undefined || b === undefined || a.epoch !== b.epoch || a.seq > b.seq;
}

function decode(cursor: string): { readonly epoch: string; readonly seq: number } | undefined {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(cursor)) return undefined;
  const [kind, epoch, seq] = decodeBase64Url(cursor).split('.');
  return kind === 's1' && epoch && seq && /^\d{1,15}$/.test(seq) ? { epoch, seq: Number.parseInt(seq, 10) } : undefined;
}

function decodeBase64Url(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return ''; // no cursor
  }
}
