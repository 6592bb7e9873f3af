import { aggregates, chartDefinition } from "../../machines/index.ts";
import type {
  AggregateName,
  DomainEvent,
  EntityState,
  ProductContext,
} from "../../machines/index.ts";
import type { Commit } from "../../log/index.ts";
import { eventId } from "../../log/index.ts";
import { readableProduct } from "../schema/shown-data.ts";
import { redact } from "./redact.ts";
import { sessionOf } from "./target.ts";

/** The version of `@statelyai/inspect` whose frames these are. */
const FRAME_VERSION = "0.7.2";

/** One event of a commit, in its present version, and the state it has led to. */
export interface ToldEvent {
  readonly commit: Commit;
  readonly version: number;
  readonly event: DomainEvent;
  readonly state: EntityState;
}

const definitions = new Map<AggregateName, string>();

function definitionOf(name: AggregateName): string {
  const known = definitions.get(name);
  if (known !== undefined) return known;
  const definition = JSON.stringify(chartDefinition(aggregates[name].machine));
  definitions.set(name, definition);
  return definition;
}

/** Says that there is an actor, what its chart is, and where it stood before its first event. */
export function actorFrame(first: Commit, before: EntityState): string {
  return JSON.stringify(
    {
      type: "@xstate.actor",
      ...baseOf(first),
      id: null,
      // All of one kind would have one name, if it were the chart's.
      name: sessionOf(first.aggregate, first.stream).name,
      definition: definitionOf(first.aggregate),
      snapshot: snapshotOf(first.aggregate, before),
    },
    redact,
  );
}

/** Says that an event came to an actor, and where it stands since. */
export function eventFrames({ commit, version, event, state }: ToldEvent): [string, string] {
  const { meta, stream, aggregate } = commit;
  const base = { ...baseOf(commit), id: eventId(stream, version) };
  const by = meta.scope === "internal" ? meta.subject : meta.scope;
  const shown = { ...event, type: event.type };
  // Beyond Stately's format, whose readers pass over it.
  const statecart = {
    version,
    by,
    command: meta.command,
    commandId: commit.id,
    correlationId: meta.correlationId,
    causationId: meta.causationId ?? null,
  };
  const snapshot = snapshotOf(aggregate, state);
  return [
    JSON.stringify(
      { type: "@xstate.event", ...base, sourceId: by, event: shown, statecart },
      redact,
    ),
    JSON.stringify(
      { type: "@xstate.snapshot", ...base, event: shown, snapshot, statecart },
      redact,
    ),
  ];
}

function baseOf({ aggregate, stream, at }: Commit) {
  const sessionId = sessionOf(aggregate, stream).name;
  const createdAt = String(Date.parse(at));
  return { sessionId, rootId: sessionId, _version: FRAME_VERSION, createdAt };
}

function snapshotOf(aggregate: AggregateName, { value, context }: EntityState): object {
  const shown = aggregate === "product" ? readableProduct(context as ProductContext) : context;
  return {
    status: "active",
    value,
    context: shown,
    historyValue: {},
    children: {},
    tags: [],
  };
}
