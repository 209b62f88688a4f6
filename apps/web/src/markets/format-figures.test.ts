import { toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { formatCount, formatMoment, formatPercent, formatShare, formatSigned } from './format-figures.ts';

describe('figures', () => {
  it.each([
    ['percent', formatPercent(toDecimal('1.2345')), '+1.23 %'],
    ['percent', formatPercent(toDecimal('-0.5000')), '−0.50 %'],
    ['count', formatCount(1234567), '1,234,567'],
    ['count', formatCount(0), '0'],
    ['count', formatCount(null), '–'],
    ['share', formatShare(0.9034), '90.3 %'],
    ['share', formatShare(undefined), '–'],
    ['signed', formatSigned(0.0421), '+0.042'],
    ['signed', formatSigned(-0.0104), '−0.010'],
    ['signed', formatSigned(-0.0001), '0.000'],
    ['moment', formatMoment('2026-11-29T14:05:59.000Z'), '2026-11-29 14:05'],
    ['moment', formatMoment(null), '–'],
  ])('reads as a %s: %s', (_, text, wanted) => expect(text).toBe(wanted));
});
