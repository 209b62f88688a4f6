import { describe, expect, it } from 'vitest';
import { toDocsSection } from './docs-section.ts';

const TEXT =
  '# Title\n\nIntro.\n\n## One\n\nSee [here](adr/1.md) and [there](https://example.com/a).\n\n### Deep\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Two\n\n```sh\nx\n```\n';

describe('a section of the docs', () => {
  it('is what stands under its heading, with headings one level down', () => {
    const html = toDocsSection(TEXT, 'One');
    expect(html).toContain('<h4>Deep</h4>');
    expect(html).not.toMatch(/Intro|Two/);
  });

  it('keeps links that lead somewhere, and of others the text', () => {
    expect(toDocsSection(TEXT, 'One')).toContain('See here and <a href="https://example.com/a" rel="noopener noreferrer">there</a>.');
  });

  it('lets wide parts be scrolled by keyboard', () => {
    expect(toDocsSection(TEXT, 'One')).toContain('<div tabindex="0" role="group" aria-label="Table"><table>');
    expect(toDocsSection(TEXT, 'Two')).toContain('<pre tabindex="0">');
  });

  it('is the whole text where no title is given', () => {
    expect(toDocsSection(TEXT)).toMatch(/^<p>Intro.*<h3>One<\/h3>.*<h3>Two<\/h3>/s);
  });

  it('is refused where it does not exist', () => expect(() => toDocsSection(TEXT, 'Three')).toThrow('no section "Three"'));
});
