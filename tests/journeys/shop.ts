import { randomUUID } from "node:crypto";
import type { Db } from "mongodb";
import { isSettled, type EntityState, type OrderContext } from "../../machines/index.ts";
import { toView, type ViewDocument } from "../../projections/document.ts";
import { eventually } from "../support/servers.ts";
import { post, type GraphQLAnswer } from "../support/graphql.ts";

/** Where a shop answers; a getter may change when the process is started anew. */
export interface Door {
  readonly graphql: string;
  readonly tokens: { readonly operator: string; readonly customer: string };
}

export interface MutationAnswer {
  readonly version: number | null;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly order?: { readonly id: string; readonly number: string; readonly status: string } | null;
  readonly product?: { readonly id: string; readonly sku: string } | null;
}

const payloads = {
  order: "order { id number status } version errors { code message }",
  product: "product { id sku } version errors { code message }",
};

const personal = {
  contact: { name: "Ada Lovelace", email: "ada@example.com" },
  shippingAddress: {
    name: "Ada Lovelace",
    line1: "12 St James's Square",
    city: "London",
    postalCode: "SW1Y 4JH",
    country: "GB",
  },
};

export type Inputs = Readonly<Record<string, unknown>>;

/** The raw answer to one mutation of an operator; throws when nobody answers. */
export async function mutate(
  door: Door,
  name: string,
  input: Inputs,
): Promise<GraphQLAnswer<Record<string, MutationAnswer>>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const payload = name.endsWith("Product") || /Price|Stock/.test(name) ? "product" : "order";
  return post<Record<string, MutationAnswer>>(door.graphql, door.tokens.operator, {
    query: `mutation Send($input: ${type}!) { ${name}(input: $input) { ${payloads[payload]} } }`,
    variables: { input },
  });
}

/** One mutation of an operator that must be accepted. */
export async function accepted(door: Door, name: string, input: Inputs): Promise<MutationAnswer> {
  const { data, errors } = await mutate(door, name, input);
  const answer = data?.[name];
  if (errors !== undefined || answer === undefined || answer.errors.length > 0) {
    throw new Error(`${name} was not accepted: ${JSON.stringify(errors ?? answer)}`);
  }
  return answer;
}

interface Status {
  readonly product: { readonly status: string } | null;
}

/** A published product, which queries see; its SKU. */
export async function publishedProduct(door: Door, sku = `SKU-${randomUUID()}`): Promise<string> {
  const { product } = await accepted(door, "createProduct", {
    sku,
    name: "Teapot",
    category: "Teaware",
    price: { minor: 1_000, currency: "EUR" },
    onHand: 1_000_000,
  });
  await accepted(door, "publishProduct", { productId: product?.id });
  // STRONG gives up where a busy machine takes longer, and a shop is opened in every test.
  const query = "query Status($id: UUID!) { product(id: $id) { status } }";
  await eventually(async () => {
    const asked = { query, variables: { id: product?.id } };
    const { data } = await post<Status>(door.graphql, door.tokens.operator, asked);
    return data?.product?.status === "ACTIVE";
  });
  return product?.sku ?? sku;
}

/** The input of an order of one line. */
export function orderOf(sku: string, idempotencyKey: string = randomUUID()): Inputs {
  return { idempotencyKey, currency: "EUR", items: [{ sku, quantity: 1 }], personal };
}

/**
 * Sends a mutation as a careful client does: with a key, again and again until there is a definite
 * answer, whatever happens to the server meanwhile.
 */
export async function sendUntilAnswered(
  { door, signal }: { readonly door: () => Door; readonly signal: AbortSignal },
  name: string,
  input: Inputs,
): Promise<MutationAnswer> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const { data, errors } = await mutate(door(), name, input);
      const answer = data?.[name];
      if (errors === undefined && answer !== undefined) return answer;
      const code = errors?.[0]?.extensions?.["code"];
      if (code !== "UNAVAILABLE" && code !== "OVERLOADED") {
        throw new Error(`${name} failed: ${JSON.stringify(errors)}`);
      }
    } catch (error) {
      // `fetch` throws a TypeError when the connection is refused or cut: the outcome is open.
      if (!(error instanceof TypeError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The id of every event of an order, once all that the orders started has ended. */
export async function restingEvents(db: Db): Promise<string[]> {
  let ids: string[] = [];
  const isAtRest = async (): Promise<boolean> => {
    const heads = new Map<string, number>();
    ids = [];
    for await (const { s, v, n } of db.collection("events").find({ t: "order" })) {
      const stream = String(s);
      for (let offset = 0; offset < Number(n); offset += 1) {
        const version = Number(v) + offset;
        ids.push(`${stream}/${version}`);
        heads.set(stream, Math.max(heads.get(stream) ?? 0, version));
      }
    }
    const rows = await db.collection<ViewDocument>("orders").find({}).toArray();
    const views = rows.map(toView);
    return (
      views.length === heads.size &&
      views.every(
        ({ id, version, state }) =>
          version === heads.get(id) && isSettled(state as EntityState<OrderContext>),
      )
    );
  };
  await eventually(isAtRest);
  return ids.sort();
}
