import { z } from "zod";
import { DEFAULT_POLICY, orderIdOf, orderNumberOf, productIdOf } from "../../machines/index.ts";
import type { Caller, OrderPolicy, TaxRate } from "../../machines/index.ts";
import { candidateLines } from "./product-facts.ts";
import type { FindProducts } from "./product-facts.ts";

/** What new orders are subject to; what is not given is as machines/ has it. */
export interface OrderTerms {
  readonly policy?: Partial<OrderPolicy>;
  /** Charged on what is sent to a country (ISO 3166); nothing unless given. */
  readonly taxesIn?: (country: string) => readonly TaxRate[];
}

/** What a fact is made from. */
interface FactSources {
  readonly input: object;
  readonly commandId: string;
  readonly caller: Caller;
  readonly findProducts: FindProducts;
  readonly orderTerms: OrderTerms;
  /** The entity that the client named; null for a creation. */
  readonly entityId: string | null;
  readonly findOwner: FindOwner;
}

/** Finds whose order it is, in the truth; null when there is no such order. */
export type FindOwner = (orderId: string) => Promise<string | null>;

/** The gateway's part of a command, and for a creation the id of what is created. */
export interface Facts {
  readonly entityId?: string;
  readonly data: object;
  /** Whom the personal fields of the input are about; absent = nobody who is known. */
  readonly customerId?: string;
}

/** The input lacks something that only the gateway can know to be missing. */
export interface MissingInput {
  readonly missing: string;
}

const orderInput = z.object({
  customerId: z.string().optional(),
  items: z.array(z.object({ sku: z.string() })),
  personal: z.object({ shippingAddress: z.object({ country: z.string() }) }),
});
const itemInput = z.object({ sku: z.string() });
const productInput = z.object({ sku: z.string() });

type FactRule = (sources: FactSources) => Promise<Facts | MissingInput>;

/** The commands that need more than their sender's words; every other has no facts. */
const rules: Readonly<Record<string, FactRule>> = {
  async CreateOrder({ input, commandId, caller, findProducts, orderTerms }) {
    const { customerId, items, personal } = orderInput.parse(input);
    const owner = customerId ?? (caller.scope === "customer" ? caller.subject : undefined);
    if (owner === undefined) return { missing: "customerId" };
    const orderNumber = orderNumberOf(commandId);
    const skus = items.map((item) => item.sku);
    const lines = await candidateLines(findProducts, { commandId, skus });
    const policy = { ...DEFAULT_POLICY, ...orderTerms.policy };
    const taxes = orderTerms.taxesIn?.(personal.shippingAddress.country) ?? [];
    const data = { orderNumber, customerId: owner, lines, taxes, policy };
    return { entityId: orderIdOf(orderNumber), data, customerId: owner };
  },
  async UpdateShippingAddress({ entityId, caller, findOwner }) {
    // A customer's command reaches their own orders only, so that what is sealed is always theirs.
    const owner =
      caller.scope === "customer" ? caller.subject : entityId && (await findOwner(entityId));
    return { data: {}, ...(owner === null ? {} : { customerId: owner }) };
  },
  async AddOrderItem({ input, commandId, findProducts }) {
    const { sku } = itemInput.parse(input);
    const [line] = await candidateLines(findProducts, { commandId, skus: [sku] });
    return { data: { line } };
  },
  CreateProduct({ input }) {
    return Promise.resolve({ entityId: productIdOf(productInput.parse(input).sku), data: {} });
  },
};

/** Gathers the facts of a command. Throws when the read model cannot be asked. */
export async function factsFor(
  command: string,
  sources: FactSources,
): Promise<Facts | MissingInput> {
  return (await rules[command]?.(sources)) ?? { data: {} };
}
