import { load } from 'cheerio';
import { z } from 'zod';
import { readNumber } from '../read-number.ts';
import { sourceFailure } from '../source-failure.ts';
import { address, COMMON_SETTINGS, type SourceKind } from '../source-kind.ts';

const selector = z.string().superRefine((text, context) => {
  try {
    load('')(text);
  } catch (cause) {
    context.addIssue({ code: 'custom', message: `must be a CSS selector: ${cause instanceof Error ? cause.message : String(cause)}` });
  }
});

const schema = z.strictObject({
  ...COMMON_SETTINGS,
  kind: z.literal('page'),
  url: address('https:', 'http:'),
  /** Finds the one element that shows the value. */
  selector,
  /** The attribute that holds it; the element's text when absent. */
  attribute: z.string().min(1).max(60).optional(),
  /** Whether the page writes 5.303,27 for five thousand and some. */
  decimalComma: z.boolean().default(false),
});

/** A page for people (HTML), whose value stands in one element. */
export const pageSource: SourceKind<typeof schema> = {
  schema,
  async read({ url, headers, selector, attribute, decimalComma }, { bodies, signal }) {
    const page = load(await bodies.read(url, { accept: 'text/html', ...headers }, signal));
    const found = page(selector);
    if (found.length === 0) throw sourceFailure('value_absent', `selector "${selector}" finds nothing`);
    if (found.length > 1) throw sourceFailure('value_ambiguous', `selector "${selector}" finds ${found.length} elements in place of one`);
    const text = attribute === undefined ? found.text() : found.attr(attribute);
    if (text === undefined) throw sourceFailure('value_absent', `what selector "${selector}" finds has no attribute "${attribute}"`);
    return { value: readNumber(text, decimalComma), eventTime: null };
  },
};
