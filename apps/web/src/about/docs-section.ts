import { Marked } from 'marked';

/** Links to files of the repository lead nowhere on a page: their text stays. */
const marked = new Marked({
  renderer: {
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return /^https?:/.test(href) ? `<a href="${encodeURI(href)}" rel="noopener noreferrer">${text}</a>` : text;
    },
    heading({ depth, tokens }) {
      const level = Math.min(6, depth + 1);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
  },
});

/**
 * Returns a section of a Markdown text as HTML: what stands under `## title`, without that heading; the whole text below its first heading when no
 * title is given. Headings go one level down; what may be wider than the screen can be scrolled by keyboard. Throws when there is no such section.
 */
export function toDocsSection(markdown: string, title?: string): string {
  const html = marked.parse(title === undefined ? markdown.replace(/^# .*\n/, '') : cut(markdown, title), { async: false });
  return html
    .replaceAll('<table>', '<div tabindex="0" role="group" aria-label="Table"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0">');
}

function cut(markdown: string, title: string): string {
  const [, section] = `\n${markdown}`.split(`\n## ${title}\n`);
  if (section === undefined) throw new Error(`the text has no section "${title}"`);
  return section.split(/\n## /)[0] ?? '';
}
