import { isSellable, productAvailable } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { subscriptionOf } from "../context.ts";
import { GatewayError } from "../errors.ts";
import { builder } from "./builder.ts";
import { caughtUpType, eventType, resetType, typeNameOf } from "./feed-items.ts";
import type { OfKind } from "./feed-items.ts";
import { given } from "./given.ts";
import { productType } from "./product.ts";
import type { ProductView } from "./product.ts";
import { open } from "./root-access.ts";

const THRESHOLD_DEFAULT = 5;

/** Where a product's stock stands: null while it is not sold, so that nobody waits for it. */
type Level = "ENOUGH" | "LOW" | "OUT" | null;

const alertKindType = builder.enumType("StockAlertKind", {
  values: {
    LOW: { description: "What is available has come to the threshold or below." },
    OUT: { description: "Nothing is available any more." },
    RECOVERED: { description: "More than the threshold is available again." },
    WITHDRAWN: { description: "It was low or out, and is not sold any more." },
  } as const,
});

const stockAlertType = builder.objectRef<OfKind<"event">>("StockAlert").implement({
  description: "The stock of a product that is sold has come to another level.",
  fields: (t) => ({
    cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }),
    kind: t.field({
      type: alertKindType,
      // The threshold is the subscription's; what has become of it is put beside the item.
      resolve: (item) => (item as Alert).alert,
    }),
    available: t.int({
      description: "Units that may be sold now; below zero when more is promised than there is.",
      resolve: ({ view }) => productAvailable((view as ProductView).state.context),
    }),
    event: t.field({ type: eventType, resolve: ({ event }) => event }),
    product: t.field({
      type: productType,
      description: "The product right after exactly this event.",
      resolve: ({ view }) => view as ProductView,
    }),
  }),
});

type Kind = typeof alertKindType.$inferType;
type Alert = OfKind<"event"> & { readonly alert: Kind };

const stockAlertItemType = builder.unionType("StockAlertItem", {
  types: [stockAlertType, caughtUpType, resetType],
  resolveType: (item) => typeNameOf(item, "StockAlert"),
});

builder.subscriptionFields((t) => ({
  stockAlerts: t.field({
    ...open("operator", "service"),
    type: stockAlertItemType,
    description:
      "A product's available stock falls to the threshold or below, runs out, or recovers. Tells " +
      "changes only: query the products that are low now, then watch. Every item has a cursor; " +
      "`after` goes on there, with nothing missed and nothing twice.",
    args: {
      threshold: t.arg.int({
        required: true,
        defaultValue: THRESHOLD_DEFAULT,
        description: "As many units, or fewer, are few.",
      }),
      after: t.arg({ type: "Cursor" }),
    },
    subscribe: (_source, { threshold, after }, context) => {
      if (threshold < 0) throw new GatewayError("BAD_USER_INPUT", "threshold must be 0 or more.");
      const { signal, isShared } = subscriptionOf(context);
      return context.services.feed.open({
        aggregate: "product",
        isNews: (before, view) => alertOf(before, view, threshold) !== null,
        ...(isShared ? {} : given({ after })),
        signal,
      });
    },
    resolve: (item, { threshold }) => {
      if (item.kind !== "event") return item;
      return { ...item, alert: alertOf(item.before, item.view, threshold) };
    },
  }),
}));

/** What an event did to the level of a product's stock; null when it stays where it was. */
function alertOf(before: EntityView | null, after: EntityView, threshold: number): Kind | null {
  const from = levelOf(before, threshold);
  const to = levelOf(after, threshold);
  if (from === to) return null;
  if (to === "LOW" || to === "OUT") return to;
  const wasShort = from === "LOW" || from === "OUT";
  if (!wasShort) return null;
  return to === null ? "WITHDRAWN" : "RECOVERED";
}

function levelOf(view: EntityView | null, threshold: number): Level {
  if (view === null) return null;
  const { state } = view as ProductView;
  if (!isSellable(state)) return null;
  const available = productAvailable(state.context);
  if (available <= 0) return "OUT";
  return available <= threshold ? "LOW" : "ENOUGH";
}
