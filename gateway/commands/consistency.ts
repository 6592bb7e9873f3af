import { isSettled } from "../../machines/index.ts";
import type { AggregateName, OrderContext } from "../../machines/index.ts";
import type { EntityView, OrderReadModel, ProductReadModel } from "../../projections/index.ts";
import { notSettled, readModelBehind } from "./command-errors.ts";
import type { CommandError } from "./command-errors.ts";
import { settledErrors } from "./settled-errors.ts";

/** What can be asked to be true before a mutation answers. */
export const consistencies = ["EVENTUAL", "STRONG", "SETTLED"] as const;

type Consistency = (typeof consistencies)[number];

interface Accepted {
  readonly aggregate: AggregateName;
  readonly command: string;
  /** The entity right after the command. */
  readonly accepted: EntityView;
}

interface Wanted {
  readonly consistency: Consistency;
  /** Milliseconds since the epoch: the request ends then. */
  readonly deadline: number;
}

interface Reads {
  readonly orders: OrderReadModel;
  readonly products: ProductReadModel;
  readonly settleTimeoutMs: number;
}

interface Answer {
  readonly view: EntityView;
  readonly errors: readonly CommandError[];
}

/**
 * Waits for what was asked for, and answers with the entity as it is then; a command of a product
 * starts nothing by itself, so there SETTLED is no more than STRONG. When it does not come in time
 * the answer is the accepted entity and an error that says so.
 */
export async function awaitConsistency(
  { aggregate, command, accepted }: Accepted,
  { consistency, deadline }: Wanted,
  { orders, products, settleTimeoutMs }: Reads,
): Promise<Answer> {
  const { id, version } = accepted;
  if (consistency === "EVENTUAL") return { view: accepted, errors: [] };
  if (consistency === "SETTLED" && aggregate === "order") {
    const until = Math.min(deadline, Date.now() + settleTimeoutMs);
    const holds = ({ state }: EntityView<OrderContext>) => isSettled(state);
    const settled = await orders.waitUntil({ id, version, holds }, until);
    if (settled === null) return { view: accepted, errors: [notSettled(version)] };
    const course = { command, accepted: accepted as EntityView<OrderContext>, settled };
    return { view: settled, errors: settledErrors(course) };
  }
  const reads = aggregate === "order" ? orders : products;
  const isSeen = await reads.waitFor(id, version, deadline);
  return { view: accepted, errors: isSeen ? [] : [readModelBehind(version)] };
}
