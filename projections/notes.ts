import type { Aggregate, OrderContext } from "../machines/index.ts";
import { orderNotesAfter, type OrderNotes } from "./order-notes.ts";
import type { PlacedEvent } from "./placed-event.ts";
import type { EntityView, MarkedView } from "./view.ts";

/** What the reports must remember of an entity after one more event; null for a product. */
export function notesAfter(
  aggregate: Aggregate,
  before: MarkedView | null,
  { placed, after }: { readonly placed: PlacedEvent; readonly after: EntityView },
): object | null {
  if (aggregate.name !== "order") return null;
  const typed = (view: EntityView): EntityView<OrderContext> => view as EntityView<OrderContext>;
  const notes = (before?.notes ?? null) as OrderNotes | null;
  return orderNotesAfter(notes, before && typed(before), { placed, after: typed(after) });
}
