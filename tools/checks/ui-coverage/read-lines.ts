/** A line of the description of the web app under its section. */
export interface DescribedLine {
  readonly section: string;
  readonly text: string;
}

/** Reads the description: each bullet and each paragraph is one line, with its breaks taken out. */
export function readLines(markdown: string): DescribedLine[] {
  const lines: DescribedLine[] = [];
  let section = '';
  // A heading, a bullet and an empty line each begin a block; a heading is one line.
  for (const block of markdown.replace(/^(#.*)$/gm, '$1\n').split(/\n(?=- |#|\n)/)) {
    const text = block.trim();
    if (text.startsWith('## ')) section = text.slice(3);
    else if (text !== '' && !text.startsWith('# ')) lines.push({ section, text: text.replace(/^- /, '').replace(/\s*\n\s*/g, ' ') });
  }
  return lines;
}
