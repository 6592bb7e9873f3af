import { aggregates } from "../../machines/index.ts";
import type { AggregateName } from "../../machines/index.ts";

/** What is inspected; `name` is the text that stands for it. */
export type InspectionTarget =
  | { readonly kind: "all"; readonly name: "*" }
  | {
      readonly kind: "one";
      readonly name: string;
      readonly aggregate: AggregateName;
      readonly id: string;
    };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a client may ask for, for a message. */
export const TARGETS = `${Object.keys(aggregates)
  .map((name) => `${name}:<id>`)
  .join(", ")} or *`;

/** Reads `order:<id>`, `product:<id>` or `*`; null for anything else. */
export function targetOf(text: string): InspectionTarget | null {
  if (text === "*") return { kind: "all", name: "*" };
  const [aggregate = "", given = "", ...rest] = text.split(":");
  const id = given.toLowerCase();
  if (!Object.hasOwn(aggregates, aggregate) || !UUID.test(id) || rest.length > 0) return null;
  return sessionOf(aggregate as AggregateName, id);
}

/** One order or product. */
export function sessionOf(aggregate: AggregateName, id: string) {
  return { kind: "one", name: `${aggregate}:${id}`, aggregate, id } as const;
}
