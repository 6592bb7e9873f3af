/**
 * The states that commands lead to, found by xstate/graph over an abstraction that forgets what
 * no rule looks at (ids, times, prices), so that there are finitely many.
 */
import { fromTransition } from "xstate";
import { getAdjacencyMap } from "xstate/graph";
import { decide, initialState, orderAggregate, productAggregate } from "../../machines/index.ts";
import type {
  Aggregate,
  DomainCommand,
  EntityState,
  OrderContext,
  ProductContext,
} from "../../machines/index.ts";
import { orderCommands, productCommands } from "./model-commands.ts";

/** More transitions than either model has; a walk that meets it has lost its bounds. */
const TRANSITIONS_MAX = 500_000;

export interface Model {
  readonly aggregate: Aggregate;
  readonly commands: (state: EntityState) => readonly DomainCommand[];
  readonly abstract: (state: EntityState) => unknown;
  /** Whether to go on from a state. */
  readonly isWithin: (state: EntityState) => boolean;
}

type Order = EntityState<OrderContext>;
type Product = EntityState<ProductContext>;

export const orderModel: Model = {
  aggregate: orderAggregate,
  commands: (state) => orderCommands(state as Order),
  abstract: ({ value, context }) => {
    const order = context as OrderContext;
    const { lines, leaving, refunds, returns, policy, attemptCount } = order;
    return [
      value,
      policy.capture,
      attemptCount,
      lines.map(({ stock, releasing, delivered }) => [stock, releasing > 0, delivered > 0]),
      leaving.length,
      [...new Set(refunds.map(({ status }) => status))].sort(),
      returns.map(({ status }) => status),
    ];
  },
  isWithin: ({ context, value }) => {
    const { lines, leaving, refunds, returns, attemptCount } = context as OrderContext;
    const { hold, returns: back, payment, fulfilment } = value as Readonly<Record<string, unknown>>;
    return (
      lines.length <= 2 &&
      leaving.length <= 1 &&
      refunds.length <= 2 &&
      (refunds.length <= 1 || fulfilment === "delivered") &&
      (lines.length + leaving.length === 1 || attemptCount === 0) &&
      returns.length <= 2 &&
      attemptCount <= 2 &&
      // Regions that do not look at each other need not be combined in every way.
      hold === "clear" &&
      (back === "none" || (refunds.length === 0 && payment === "captured"))
    );
  },
};

export const productModel: Model = {
  aggregate: productAggregate,
  commands: (state) => productCommands(state as Product),
  abstract: ({ value, context }) => {
    const { stock, reservationCount } = context as ProductContext;
    return [value, stock, reservationCount];
  },
  isWithin: ({ context }) => (context as ProductContext).stock.onHand <= 2,
};

/** One state of each abstract kind that commands lead to. */
export function reachable(model: Model): readonly EntityState[] {
  const { aggregate, commands, abstract, isWithin } = model;
  const logic = fromTransition((state: EntityState, command: DomainCommand) => {
    const decision = decide(aggregate, state, command);
    return decision.kind === "accepted" ? decision.state : state;
  }, initialState(aggregate));
  const map = getAdjacencyMap(logic, {
    events: ({ context }) => [...commands(context)],
    serializeState: ({ context }) => JSON.stringify(abstract(context)),
    stopWhen: ({ context }) => !isWithin(context),
    limit: TRANSITIONS_MAX,
  });
  const snapshots = Object.values(map) as { readonly state: { readonly context: EntityState } }[];
  return snapshots.map(({ state }) => state.context);
}
