import type { ChartLabel, ChartNode } from "../../machines/index.ts";

/**
 * Sizes of the drawing, in pixels. A monospace font is 0.6 em wide, so that the layout knows how
 * long a text is without having the font.
 */
export const TEXT = { size: 11, line: 15, advance: 6.7 } as const;
export const TITLE = { size: 13, line: 20, advance: 7.9 } as const;
export const PADDING = 10;

/** A label as one line: the event, and the guard in brackets. */
export function labelText({ event, guard }: ChartLabel): string {
  return guard === undefined ? event : `${event} [${guard}]`;
}

/** The lines below a state's name: its deadlines, then what it takes without being left. */
export function linesOf({ timers, inside }: ChartNode): readonly string[] {
  return [...timers.map(({ command }) => `due: ${command}`), ...new Set(inside.map(labelText))];
}

/** Width and height of a state's box with its name and lines. */
export function boxOf(node: ChartNode): { readonly width: number; readonly height: number } {
  const lines = linesOf(node);
  const longest = Math.max(0, ...lines.map((line) => line.length));
  const width = Math.max(node.name.length * TITLE.advance, longest * TEXT.advance);
  const gap = lines.length === 0 ? 0 : PADDING / 2;
  return {
    width: Math.ceil(width + 2 * PADDING),
    height: Math.ceil(TITLE.line + gap + lines.length * TEXT.line + PADDING),
  };
}
