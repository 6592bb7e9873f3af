import { eventId, type Commit } from "../log/index.ts";
import { applyEvent, enteredAfter, initialState, type Aggregate } from "../machines/index.ts";
import { ProjectionError } from "./errors.ts";
import { notesAfter } from "./notes.ts";
import type { PlacedEvent } from "./placed-event.ts";
import type { EntityView, MarkedView } from "./view.ts";

/** The events of a commit, each with its own version. */
export function placedEvents(commit: Commit): PlacedEvent[] {
  return commit.events.map((event, offset) => ({
    stream: commit.stream,
    version: commit.version + offset,
    at: commit.at,
    event,
  }));
}

/**
 * The view after one more event; pure, and the same machine that judged the command. An event the
 * view has seen already changes nothing. Throws `VERSION_GAP` when events before this one are
 * missing, and whatever the statechart throws (`REPLAY_FAULT`) when it does not take the event.
 */
export function evolve(
  aggregate: Aggregate,
  view: EntityView | null,
  placed: PlacedEvent,
): EntityView {
  const seen = view?.version ?? 0;
  if (view !== null && placed.version <= seen) return view;
  if (placed.version !== seen + 1) {
    throw new ProjectionError(
      "VERSION_GAP",
      `${eventId(placed.stream, placed.version)} cannot follow version ${seen}`,
    );
  }
  const before = view?.state ?? initialState(aggregate);
  return {
    id: placed.stream,
    version: placed.version,
    createdAt: view?.createdAt ?? placed.at,
    updatedAt: placed.at,
    state: applyEvent(aggregate, before, placed.event),
  };
}

/** The same, but of the skipped versions what the fold does not take is passed over. */
export function evolveSkipping(
  aggregate: Aggregate,
  view: EntityView | null,
  { placed, skipped }: { readonly placed: PlacedEvent; readonly skipped: ReadonlySet<number> },
): EntityView {
  try {
    return evolve(aggregate, view, placed);
  } catch (error) {
    if (!skipped.has(placed.version)) throw error;
    return passedOver(aggregate, view, placed);
  }
}

/** The view as it was, at the version of an event that it does without. */
export function passedOver(
  aggregate: Aggregate,
  view: EntityView | null,
  { stream: id, version, at }: PlacedEvent,
): EntityView {
  const { createdAt = at, state = initialState(aggregate) } = view ?? {};
  return { id, version, createdAt, updatedAt: at, state };
}

/** As `evolve`, with the version since which each deadline stands and with the reports' notes. */
export function evolveMarked(
  aggregate: Aggregate,
  view: MarkedView | null,
  placed: PlacedEvent,
): MarkedView {
  const after = evolve(aggregate, view, placed);
  if (view !== null && after === view) return view;
  return {
    ...after,
    entered: enteredAfter(aggregate, view?.entered ?? {}, after),
    notes: notesAfter(aggregate, view, { placed, after }),
  };
}
