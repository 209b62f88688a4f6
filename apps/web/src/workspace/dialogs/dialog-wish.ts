/** A dialog that is open, and what was typed before it was there. */
export type DialogWish =
  | { readonly kind: 'search'; readonly text: string; readonly purpose: 'show' | 'compare' }
  | { readonly kind: 'interval'; readonly text: string }
  | { readonly kind: 'indicators' | 'layouts' | 'appearance' | 'shortcuts' };
