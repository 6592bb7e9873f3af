import type { Feed, HistoryReads, OrderReadModel, ProductReadModel } from "../projections/index.ts";
import type { Caller } from "../machines/index.ts";
import type { TokenScope } from "./auth/token.ts";
import type { CommandServices } from "./commands/send-command.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { InspectionDesk } from "./inspection/desk.ts";
import type { SystemDesk, SystemLoad } from "./system.ts";

/**
 * What resolvers may know of the reader: exactly what the answer may depend on, so that readers
 * with the same viewer share one execution of a subscription. It names no person but a customer,
 * whose data the answer is.
 */
export interface Viewer {
  readonly scope: TokenScope;
  /** The customer whose data alone is visible; null for operators and services, who see all. */
  readonly customerId: string | null;
}

/** The rooms behind the gateway, as resolvers use them. */
export interface Services extends CommandServices {
  readonly orders: OrderReadModel;
  readonly products: ProductReadModel;
  readonly feed: Feed;
  /** Null where nobody tells how the process is doing. */
  readonly system: SystemDesk | null;
  readonly load: () => SystemLoad;
  /** Null where nobody may look. */
  readonly inspection: InspectionDesk | null;
  /** Makes the search forget a customer who was erased; resolves with how many orders they have. */
  readonly forgetCustomer: (customerId: string) => Promise<number>;
  readonly history: HistoryReads;
  /** How long a mutation waits at most for what its command has started. */
  readonly settleTimeoutMs: number;
}

/** What a resolver has at hand. (A type, because graphql-http wants an index signature.) */
export type OperationContext = {
  readonly viewer: Viewer;
  readonly services: Services;
  /** Null while a subscription runs, because one execution serves many readers. */
  readonly request: RequestFacts | null;
  /** Null in a query or mutation. */
  readonly subscription: SubscriptionFacts | null;
};

/** One execution of a subscription. */
export interface SubscriptionFacts {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** A shared execution starts from now on, whatever `after` its readers sent. */
  readonly isShared: boolean;
}

/** The request of a query or mutation. Throws in a subscription, which has none. */
export function requestOf({ request }: OperationContext): RequestFacts {
  if (request === null) throw new Error("a subscription has no single request");
  return request;
}

/** The execution of a subscription. Throws in a query or mutation, which is none. */
export function subscriptionOf({ subscription }: OperationContext): SubscriptionFacts {
  if (subscription === null) throw new Error("this is no subscription");
  return subscription;
}

/** The viewer as the domain judges visibility and permission. */
export function callerOf({ scope, customerId }: Viewer): Caller {
  return { scope, subject: customerId ?? scope };
}
