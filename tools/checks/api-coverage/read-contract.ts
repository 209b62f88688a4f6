/** A line of the contract: something of the schema (`Query.candles(first)`), or a rule (`R.resume.exact`). */
export interface ContractLine {
  readonly id: string;
  readonly text: string;
  readonly isRule: boolean;
}

/** Reads the lines of `docs/api/contract.md`: every table row that begins with an id in backquotes. Throws where an id comes twice. */
export function readContract(markdown: string): ContractLine[] {
  const lines = [...markdown.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map(([, id = '', text = '']) => ({
    id,
    text: text.trim(),
    isRule: id.startsWith('R.'),
  }));
  const seen = new Set<string>();
  for (const { id } of lines) {
    if (seen.has(id)) throw new Error(`the contract has the id "${id}" twice`);
    seen.add(id);
  }
  return lines;
}
