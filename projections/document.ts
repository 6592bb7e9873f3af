import { UUID, type Document } from "mongodb";
import type { AggregateName, EntityState } from "../machines/index.ts";
import type { FactTable } from "./facts.ts";
import type { EntityView, MarkedView } from "./view.ts";

/** What the runner and the queries must know of one read collection. */
export interface Projection {
  /** Name of the collection and of the checkpoint, before the suffix of a generation. */
  readonly name: string;
  /**
   * Raise it with every change of what a row holds: rows of another version are rebuilt by
   * `npm run rebuild`, and until then the projector says that they are outdated.
   */
  readonly codeVersion: number;
  readonly aggregate: AggregateName;
  /** Copies of what queries filter and sort by; pure. */
  readonly indexFields: (view: EntityView) => Document;
  /** The same of what only the outside can open; a throw means: the events come again. */
  readonly openedFields?: (view: EntityView) => Promise<Document>;
  /** What its events add to other collections, which are written before the rows. */
  readonly facts?: readonly FactTable[];
  /** Name of the collection of its days, which are marked after the rows; see `day-marks.ts`. */
  readonly days?: string;
  /** Keys of the indexes, besides `_id`. */
  readonly indexes: readonly Readonly<Record<string, 1 | -1>>[];
}

/** Every collection of one generation of a projection; a rebuild fills and drops them together. */
export function namesOf(projection: Projection, suffix: string): readonly string[] {
  const facts = (projection.facts ?? []).map(({ name }) => name);
  const days = projection.days === undefined ? [] : [projection.days];
  return [projection.name, ...facts, ...days].map((name) => name + suffix);
}

/** A row of a read collection: the view as it is, and beside it the fields that are indexed. */
export interface ViewDocument {
  readonly _id: UUID;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly index: Document;
  readonly state: EntityState;
  /** As a list, because its keys are no names of fields. */
  readonly entered: readonly { readonly key: string; readonly version: number }[];
  readonly notes: object | null;
}

/** The row of a view. Equal views give equal bytes, however the view came about. */
export function toDocument(
  projection: Projection,
  view: MarkedView,
  opened: Document = {},
): ViewDocument {
  return {
    _id: new UUID(view.id),
    version: view.version,
    createdAt: new Date(view.createdAt),
    updatedAt: new Date(view.updatedAt),
    index: inKeyOrder({ ...projection.indexFields(view), ...opened }) as Document,
    state: {
      value: inKeyOrder(view.state.value) as EntityState["value"],
      context: inKeyOrder(view.state.context) as object,
    },
    entered: Object.entries(view.entered)
      .sort(byKey)
      .map(([key, version]) => ({ key, version })),
    notes: inKeyOrder(view.notes) as object | null,
  };
}

/** The view in a row. */
export function toView(document: ViewDocument): EntityView {
  return {
    id: document._id.toString(),
    version: document.version,
    createdAt: document.createdAt.toISOString(),
    updatedAt: document.updatedAt.toISOString(),
    state: document.state,
  };
}

/** The view in a row as its projector needs it; null in a row that older code has written. */
export function toMarkedView(document: ViewDocument): MarkedView | null {
  const { entered, notes } = document as Partial<ViewDocument>;
  if (entered === undefined || notes === undefined) return null;
  const versions = entered.map(({ key, version }) => [key, version] as const);
  return { ...toView(document), entered: Object.fromEntries(versions), notes };
}

/**
 * A field that is undefined in memory is absent in a row, and comes back in another place when it
 * is set later: without one order of keys a row would tell at which event it was last read back.
 */
function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (value === null || typeof value !== "object") return value;
  const ordered: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value).sort(byKey)) {
    if (field !== undefined) ordered[key] = inKeyOrder(field);
  }
  return ordered;
}

function byKey([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
