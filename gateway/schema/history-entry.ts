import type { Scope } from "../../machines/index.ts";
import type { HistoryEntry, HistoryPage } from "../../projections/index.ts";
import type { OperationContext } from "../context.ts";
import { builder } from "./builder.ts";
import { pageInfoType } from "./connection.ts";
import { shownData } from "./shown-data.ts";

/** An entry with whose entity it is about, which decides on what is shown of it. */
export interface ShownEntry {
  readonly entry: HistoryEntry;
  readonly customerId: string | null;
}

interface Sender {
  readonly subject: string;
  readonly scope: Scope;
}

const senderType = builder.objectRef<Sender>("CommandSender").implement({
  description: "Who sent a command.",
  fields: (t) => ({
    subject: t.exposeString("subject"),
    scope: t.string({
      description: "customer, operator, service, or internal for what goes on by itself.",
      resolve: ({ scope }) => scope,
    }),
  }),
});

interface Refused {
  readonly code: string;
  readonly message: string;
}

const refusedType = builder.objectRef<Refused>("RefusedCommand").implement({
  description: "Why a command was refused. Its input is not kept.",
  fields: (t) => ({ code: t.exposeString("code"), message: t.exposeString("message") }),
});

interface HappenedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: object;
  readonly customerId: string | null;
}

const happenedType = builder.objectRef<HappenedEvent>("HistoryEvent").implement({
  description: "An event as it was stored, whatever its schema version.",
  fields: (t) => ({
    id: t.exposeString("id"),
    type: t.exposeString("type"),
    schemaVersion: t.exposeInt("schemaVersion"),
    data: t.field({
      type: "JSON",
      description: "With personal fields for those who may see them, without payment tokens.",
      resolve: ({ data, customerId }, _args, context) => shownData(data, customerId, context),
    }),
  }),
});

const entryType = builder.objectRef<ShownEntry>("HistoryEntry").implement({
  description: "Something that happened, or a command that was refused.",
  fields: (t) => ({
    version: t.int({
      description: "The event's own, or the one that the entity had when the command was refused.",
      resolve: ({ entry }) => entry.version,
    }),
    at: t.field({ type: "DateTime", resolve: ({ entry }) => factsOf(entry).at }),
    command: t.string({ resolve: ({ entry }) => factsOf(entry).command }),
    commandId: t.field({ type: "UUID", resolve: ({ entry }) => factsOf(entry).commandId }),
    by: t.field({
      type: senderType,
      nullable: true,
      description: "Null for a customer who is not the sender.",
      resolve: ({ entry }, _args, { viewer }: OperationContext) => {
        const { subject, scope } = factsOf(entry);
        const isMine = scope === "customer" && subject === viewer.customerId;
        return viewer.customerId === null || isMine ? { subject, scope } : null;
      },
    }),
    correlationId: t.string({ resolve: ({ entry }) => factsOf(entry).correlationId }),
    causationId: t.string({
      nullable: true,
      description: "Id of the event or command that led to it; null when a person did.",
      resolve: ({ entry }) => factsOf(entry).causationId,
    }),
    event: t.field({
      type: happenedType,
      nullable: true,
      description: "Null for a refused command.",
      resolve: ({ entry, customerId }) =>
        entry.kind === "event" ? { id: entry.id, ...entry.event, customerId } : null,
    }),
    refusal: t.field({
      type: refusedType,
      nullable: true,
      description: "Null for an event.",
      resolve: ({ entry }) => (entry.kind === "refusal" ? entry.refusal : null),
    }),
  }),
});

interface Facts extends Sender {
  readonly at: string;
  readonly command: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null | undefined;
}

function factsOf(entry: HistoryEntry): Facts {
  if (entry.kind === "refusal") return entry.refusal;
  const { commit } = entry;
  const { causationId } = commit.meta;
  return { ...commit.meta, at: commit.at, commandId: commit.id, causationId };
}

type ShownPage = HistoryPage & { readonly customerId: string | null };
type Edge = ShownEntry & { readonly cursor: string };

const edgeType = builder.objectRef<Edge>("HistoryEdge").implement({
  fields: (t) => ({
    cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }),
    node: t.field({ type: entryType, resolve: (edge) => edge }),
  }),
});

const edgesOf = ({ rows, customerId }: ShownPage): Edge[] =>
  rows.map((row) => ({ ...row, customerId }));

export const historyConnectionType = builder.objectRef<ShownPage>("HistoryConnection").implement({
  description: "A page of a history, the oldest first.",
  fields: (t) => ({
    edges: t.field({ type: [edgeType], resolve: edgesOf }),
    nodes: t.field({ type: [entryType], resolve: edgesOf }),
    pageInfo: t.field({ type: pageInfoType, resolve: (page) => page }),
  }),
});
