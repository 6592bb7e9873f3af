import { allReservations } from "../../machines/index.ts";
import type { ProductContext } from "../../machines/index.ts";
import type { OperationContext } from "../context.ts";

/** Fields of events and states that are sealed personal fields (design 7). */
const SEALED_KEYS: ReadonlySet<string> = new Set(["personal", "addressChange"]);

/**
 * The one way of stored data (an event's, a state's context) to a reader who may see the entity.
 * Personal fields are shown to the customer whose they are and to operators. The token of a payment
 * is shown to nobody: whoever has it can pay with it.
 */
export async function shownData(
  data: object,
  customerId: string | null,
  context: OperationContext,
): Promise<Readonly<Record<string, unknown>>> {
  const shown: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    shown[key] = SEALED_KEYS.has(key)
      ? await shownPersonal(value, customerId, context)
      : withoutTokens(key, value);
  }
  return shown;
}

/** The context of a product with its reservations by id; how they are kept is nobody's matter. */
export function readableProduct(context: ProductContext): object {
  const { reservations, ...rest } = context;
  const byId = allReservations(reservations).map((reservation) => [reservation.id, reservation]);
  return { ...rest, reservations: Object.fromEntries(byId) as object };
}

/** Opens personal fields for whoever may see the order that they belong to. */
async function shownPersonal(
  value: unknown,
  customerId: string | null,
  { viewer, services }: OperationContext,
): Promise<unknown> {
  const mayRead = viewer.customerId === null || viewer.customerId === customerId;
  if (value === null || customerId === null || !mayRead) return null;
  const opened = await services.privacy.open(customerId, value);
  if (opened.kind !== "open") return { reading: opened.kind.toUpperCase() };
  return { reading: "OPEN", ...opened.fields };
}

function withoutTokens(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutTokens(key, item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(key === "method" && name === "token"))
      .map(([name, field]) => [name, withoutTokens(name, field)]),
  );
}
