import type { AggregateName } from "../../machines/index.ts";
import order from "./order.json" with { type: "json" };
import product from "./product.json" with { type: "json" };

/** Where a state's box is; `isOpen` says that it has states inside. */
export interface PlacedNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The way of an arrow, and where its labels stand. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly points: readonly (readonly number[])[];
  readonly label: { readonly x: number; readonly y: number };
}

/** A drawing of a chart, in pixels from the top left. */
export interface ChartLayout {
  /** sha256 of the graph that was laid out, hex. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** The dots from which initial states are entered, each with the way to its state. */
  readonly initials: readonly {
    readonly to: string;
    readonly points: readonly (readonly number[])[];
  }[];
}

/** The committed layouts; `npm run charts` makes them anew when a machine has changed. */
export const chartLayouts: Readonly<Record<AggregateName, ChartLayout>> = { order, product };
