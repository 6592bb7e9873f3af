import { UUID } from "mongodb";
import { toView } from "./document.ts";
import type { EntityView } from "./view.ts";
import type { ViewTable } from "./view-table.ts";

const POLL_DELAY_FIRST_MS = 50;
const POLL_DELAY_MAX_MS = 1_000;

/** Where the views are written the notice comes first, and a look costs as much as a query. */
const firstDelay = ({ notices }: ViewTable): number =>
  notices.isTold() ? POLL_DELAY_MAX_MS : POLL_DELAY_FIRST_MS;

/** Waits for the notice of this process and looks into the collection too: another may write. */
export async function waitForView(
  table: ViewTable,
  { id, version }: { readonly id: string; readonly version: number },
  deadline: number,
): Promise<boolean> {
  if (table.knownVersion(id) >= version) return true;
  if (!UUID.isValid(id)) return false;
  const target = { _id: new UUID(id), version: { $gte: version } };
  const projection = { _id: 1 };
  // Whoever has just written knows the entity; only for the others is a first look worth a read.
  let isLookDue = table.knownVersion(id) === 0;
  for (let delayMs = firstDelay(table); ; delayMs = Math.min(delayMs * 2, POLL_DELAY_MAX_MS)) {
    const told = table.notices.wait(id, version, Math.min(deadline, Date.now() + delayMs));
    if (isLookDue) {
      const found = table.collection().then((rows) => rows.findOne(target, { projection }));
      // While MongoDB is away the view cannot arrive either: keep waiting until the deadline.
      if (await found.catch(() => null)) return true;
    }
    if (await told) return true;
    if (Date.now() >= deadline) return false;
    isLookDue = true;
  }
}

/** A view that is waited for: from a version on, and one for which a condition holds. */
export interface WantedView {
  readonly id: string;
  readonly version: number;
  readonly holds: (view: EntityView) => boolean;
}

/**
 * The first view that is seen of those that are wanted, or null at the deadline. Views in between
 * may pass unseen, so the condition must be one that stays true long enough to matter.
 */
export async function waitUntilView(
  table: ViewTable,
  { id, version, holds }: WantedView,
  deadline: number,
): Promise<EntityView | null> {
  if (!UUID.isValid(id)) return null;
  let seen = version - 1;
  let delayMs = firstDelay(table);
  for (let isLookDue = false; ;) {
    const read = isLookDue ? await lookUp(table, id).catch(() => null) : null;
    // Nothing is awaited between this look and the wait, so that no notice falls between them.
    const known = table.known(id) ?? null;
    const view = (known?.version ?? 0) > (read?.version ?? 0) ? known : read;
    if (view !== null && view.version > seen) {
      if (holds(view)) return view;
      seen = view.version;
    }
    if (Date.now() >= deadline) return null;
    const until = Math.min(deadline, Date.now() + delayMs);
    isLookDue = !(await table.notices.wait(id, seen + 1, until));
    delayMs = isLookDue ? Math.min(delayMs * 2, POLL_DELAY_MAX_MS) : firstDelay(table);
  }
}

async function lookUp(table: ViewTable, id: string): Promise<EntityView | null> {
  const row = await (await table.collection()).findOne({ _id: new UUID(id) });
  return row && toView(row);
}
