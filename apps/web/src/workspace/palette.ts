import type { CSSProperties } from 'react';

export type Theme = 'dark' | 'light';

interface UpDown {
  readonly up: string;
  readonly down: string;
}

/**
 * Pairs of colours for rising and falling, each of at least 3 to 1 against its theme's surface. The usual one, blue and vermilion, is told
 * apart with every kind of colour blindness; `mono` tells by lightness alone.
 */
const PALETTES = {
  usual: undefined,
  classic: { dark: { up: '#26a69a', down: '#ef5350' }, light: { up: '#0b7a6f', down: '#c62828' } },
  violet: { dark: { up: '#e3c75f', down: '#a78bfa' }, light: { up: '#7a6000', down: '#6d3fd1' } },
  mono: { dark: { up: '#f2f4f7', down: '#77808d' }, light: { up: '#14181d', down: '#7c8794' } },
} as const satisfies Record<string, Readonly<Record<Theme, UpDown>> | undefined>;

export type PaletteName = keyof typeof PALETTES;

/** The name of a palette, or a person's own two colours as "rrggbb-rrggbb", rising first. */
export type Colours = string;

export const DEFAULT_COLOURS: Colours = 'usual';

const OWN = /^([0-9a-f]{6})-([0-9a-f]{6})$/;

/** Reads a choice of colours; anything else is the usual palette. */
export function parseColours(text: string | undefined): Colours {
  const wanted = (text ?? '').toLowerCase();
  return Object.hasOwn(PALETTES, wanted) || OWN.test(wanted) ? wanted : DEFAULT_COLOURS;
}

/** Returns the two colours of a choice as "#rrggbb"; undefined for those of the style sheet. */
export function toUpDown(colours: Colours, theme: Theme): UpDown | undefined {
  const [, up, down] = OWN.exec(colours) ?? [];
  if (up && down) return { up: `#${up}`, down: `#${down}` };
  return PALETTES[colours as PaletteName]?.[theme];
}

/** Returns the choice that is a person's own two colours ("#rrggbb" each). */
export function ownColours({ up, down }: UpDown): Colours {
  return parseColours(`${up.slice(1)}-${down.slice(1)}`);
}

/** Returns the style of a page in these colours: what is drawn faintly is of the same colour. */
export function colourStyle(colours: Colours, theme: Theme): CSSProperties | undefined {
  const pair = toUpDown(colours, theme);
  if (!pair) return undefined;
  return {
    '--up': pair.up,
    '--down': pair.down,
    '--up-volume': `${pair.up}4d`,
    '--down-volume': `${pair.down}52`,
    '--flash-up': `${pair.up}3d`,
    '--flash-down': `${pair.down}3d`,
  } as CSSProperties;
}
