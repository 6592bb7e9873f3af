import { z } from "zod";
import { describe, expect, it } from "vitest";
import { decide, initialState, isPersonal, orderAggregate } from "../../machines/index.ts";
import { createOrder, openPersonal as personal, personal as sealed } from "./samples.ts";

describe("inputs", () => {
  const input = orderAggregate.commands["CreateOrder"]?.input ?? z.object({});
  const { items, currency } = createOrder(["A", "B"]).data as { items: object[]; currency: string };
  const good = { currency, items, personal };
  const issues = (given: object) =>
    input.safeParse({ ...good, ...given }).error?.issues.map(({ path }) => path.join("."));

  it("are parsed to their normal form, and unknown fields are dropped", () => {
    const parsed = input.parse({ ...good, items: [{ sku: " a ", quantity: 1 }], price: 1 });
    expect(parsed).toEqual({ ...good, items: [{ sku: "A", quantity: 1 }] });
  });

  it.each([
    ["items", { items: [] }],
    ["items", { items: Array.from({ length: 101 }, (_, i) => ({ sku: `S${i}`, quantity: 1 })) }],
    ["items.1.sku", { items: [...items.slice(0, 1), { sku: " a ", quantity: 1 }] }],
    ["items.0.quantity", { items: [{ sku: "A", quantity: 0 }] }],
    ["items.0.quantity", { items: [{ sku: "A", quantity: 1e9 }] }],
    ["items.0.quantity", { items: [{ sku: "A", quantity: 1.5 }] }],
    ["currency", { currency: "XXX" }],
    ["personal.contact.email", { personal: { ...personal, contact: { name: "A", email: "a" } } }],
    ["customerId", { customerId: "a\0" }],
  ])("name the field at fault: %s", (path, given) => {
    expect(issues(given)).toEqual([path]);
  });

  it("show what is personal", () => {
    const marked = (schema: z.ZodType | undefined) =>
      schema instanceof z.ZodObject && isPersonal(schema.shape["personal"] as z.ZodType);
    expect(marked(input)).toBe(true);
    expect(marked(orderAggregate.commands["UpdateShippingAddress"]?.input)).toBe(true);
  });

  it("are sealed by the time that a command, an event or a state is made of them", () => {
    const schemas = [
      orderAggregate.commands["UpdateShippingAddress"]?.schema,
      orderAggregate.events["ShippingAddressUpdated"]?.schema,
    ];
    for (const schema of schemas) {
      expect(schema?.parse({ personal: sealed })).toEqual({ personal: sealed });
      const open = { shippingAddress: personal.shippingAddress };
      expect(schema?.safeParse({ personal: open }).success).toBe(false);
      expect(schema?.safeParse({ personal: { ...sealed, country: "XX" } }).success).toBe(false);
      expect(schema?.safeParse({ personal: { ...sealed, sealed: "a b" } }).success).toBe(false);
    }
  });

  it("that nobody could seal are refused with the reason", () => {
    const unsealed = { unsealed: "CUSTOMER_ERASED" };
    const asked = createOrder(["A"]);
    const command = { ...asked, data: { ...asked.data, personal: unsealed } };
    expect(orderAggregate.commands["CreateOrder"]?.schema.safeParse(command.data).success).toBe(
      true,
    );
    const state = initialState(orderAggregate);
    expect(decide(orderAggregate, state, command)).toMatchObject({
      refusal: { code: "CUSTOMER_ERASED" },
    });
  });
});
