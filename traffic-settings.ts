import type { TrafficLimits } from "./gateway/index.ts";
import { about, whole } from "./setting.ts";

/** What production allows unless told otherwise; development has no limits. */
const STANDARD: TrafficLimits = {
  requestsPerCustomer: 50,
  costPerCustomer: 20_000,
  socketsPerCustomer: 20,
  requestsPerAddress: 500,
  costPerAddress: 200_000,
  socketsPerAddress: 200,
};
const RATE_MAX = 1_000_000_000;

const limit = (name: keyof TrafficLimits, env: string, what: string) =>
  whole(0, RATE_MAX)
    .optional()
    .register(about, {
      env,
      description:
        `${what}; 0 is no limit (default: ${String(STANDARD[name])} in production, none in ` +
        "development)",
    });
const perSecond = (name: keyof TrafficLimits, env: string, what: string) =>
  limit(name, env, `${what} a second, ten seconds' worth at once`);

/** How much one customer and one address may ask for; operators and services 100 times as much. */
export const trafficSettings = {
  requestsPerCustomer: perSecond(
    "requestsPerCustomer",
    "STATECART_REQUESTS_PER_CUSTOMER",
    "operations of one customer",
  ),
  costPerCustomer: perSecond(
    "costPerCustomer",
    "STATECART_COST_PER_CUSTOMER",
    "cost of one customer's operations",
  ),
  socketsPerCustomer: limit(
    "socketsPerCustomer",
    "STATECART_SOCKETS_PER_CUSTOMER",
    "sockets that one customer may have open",
  ),
  requestsPerAddress: perSecond(
    "requestsPerAddress",
    "STATECART_REQUESTS_PER_ADDRESS",
    "requests from one address",
  ),
  costPerAddress: perSecond(
    "costPerAddress",
    "STATECART_COST_PER_ADDRESS",
    "cost of the operations from one address",
  ),
  socketsPerAddress: limit(
    "socketsPerAddress",
    "STATECART_SOCKETS_PER_ADDRESS",
    "sockets that may be open from one address",
  ),
  socketBytesMax: whole(1_048_576, 2 ** 40)
    .default(268_435_456)
    .register(about, {
      env: "STATECART_SOCKET_BYTES_MAX",
      description:
        "bytes that may wait for all sockets together; beyond it those for whom most waits are " +
        "cut off, and come again by themselves (one socket alone is cut at 1 MiB)",
    }),
};

/** The limits that hold: those given, else the standard of the mode. */
export function trafficLimits(
  given: { readonly [Name in keyof TrafficLimits]?: number | undefined },
  mode: "development" | "production",
): TrafficLimits {
  const of = (name: keyof TrafficLimits): number =>
    given[name] ?? (mode === "production" ? STANDARD[name] : 0);
  return {
    requestsPerCustomer: of("requestsPerCustomer"),
    costPerCustomer: of("costPerCustomer"),
    socketsPerCustomer: of("socketsPerCustomer"),
    requestsPerAddress: of("requestsPerAddress"),
    costPerAddress: of("costPerAddress"),
    socketsPerAddress: of("socketsPerAddress"),
  };
}
