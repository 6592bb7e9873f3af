import type { EntityView } from "../../projections/index.ts";
import { builder } from "./builder.ts";

/** Relay's interface: whatever has an id of its own can be asked for again by it. */
export const nodeType = builder.interfaceRef<EntityView>("Node").implement({
  description: "Has an id by which `node` finds it.",
  resolveType: ({ state }) => ("orderNumber" in state.context ? "Order" : "Product"),
  fields: (t) => ({ id: t.exposeID("id") }),
});
