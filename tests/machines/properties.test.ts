import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aggregates,
  allowedCommands,
  initialState,
  lineIdOf,
  orderAggregate,
  productIdOf,
} from "../../machines/index.ts";
import type {
  Aggregate,
  Caller,
  DomainCommand,
  EntityState,
  OrderContext,
  ProductContext,
} from "../../machines/index.ts";
import { sampleSize } from "../support/sample-size.ts";
import {
  COMMAND_ID,
  NOW,
  ada,
  addItem,
  bob,
  candidate,
  createOrder,
  orderHistory,
  personal,
  policy,
} from "./samples.ts";
import { orderCommands, productCommands } from "./model-commands.ts";
import { fold, judged, plain } from "./specification.ts";

const callers: Caller[] = [
  ada,
  bob,
  { subject: "staff", scope: "operator" },
  { subject: "shop", scope: "service" },
  { subject: "reactor", scope: "internal" },
];
const skus = ["A", "B", "C", "D"];
const lineIds = skus.map((name) => candidate(name).lineId);
const word = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((given) => given.trim() !== "" && !given.includes("\0"))
  .map((given) => given.trim());
const anyPrice = fc.record({
  minor: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 1e12 })),
  currency: fc.constantFrom("EUR", "EUR", "JPY"),
});
const anyProduct = fc.record({
  name: word,
  category: word,
  unitPrice: anyPrice,
  isSellable: fc.boolean(),
});
const quantity = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 1e6 }));
const line = fc.record({
  lineId: fc.constantFrom(...lineIds),
  productId: fc.constantFrom(...skus.map(productIdOf)),
  sku: fc.constantFrom(...skus),
  product: fc.option(anyProduct),
});
const item = fc.record({ sku: fc.constantFrom(...skus), quantity });

/** Data of every command, valid by its schema; facts may be as odd as the schema allows. */
const dataOf: Record<string, fc.Arbitrary<object>> = {
  CreateOrder: fc.oneof(
    fc.constant(createOrder(["A", "B"]).data),
    fc.record({
      currency: fc.constantFrom("EUR", "JPY"),
      items: fc.uniqueArray(item, { selector: (given) => given.sku, minLength: 1, maxLength: 4 }),
      personal: fc.constant(personal),
      orderNumber: fc.constant("874B-E0BZ-8NVC-6GNW"),
      customerId: fc.constantFrom("ada", "bob"),
      lines: fc.array(line, { maxLength: 6 }),
      policy: fc.constant(policy),
      taxes: fc.constantFrom(
        [],
        [{ name: "VAT", rateBasisPoints: 1_900, isInclusive: true }],
        [{ name: "Tax", rateBasisPoints: 725, isInclusive: false }],
      ),
    }),
  ),
  AddOrderItem: fc.oneof(
    fc.record({ sku: fc.constantFrom(...skus), quantity, line }),
    fc.constantFrom(...skus).map((name) => addItem(name).data),
  ),
  RemoveOrderItem: fc.record({ lineId: fc.constantFrom(...lineIds), reason: word }),
  UpdateShippingAddress: fc.constant({ personal }),
  CancelOrder: fc.record(
    { reason: fc.constantFrom("CUSTOMER", "FRAUD", "OTHER"), note: word },
    { requiredKeys: ["reason"] },
  ),
  CreateProduct: fc.record(
    {
      sku: fc.constantFrom(...skus),
      name: word,
      description: word,
      category: word,
      price: anyPrice,
      onHand: fc.nat(1e9),
    },
    { requiredKeys: ["sku", "name", "category", "price", "onHand"] },
  ),
  UpdateProduct: fc.record({ name: word, description: word, category: word }, { requiredKeys: [] }),
  ChangePrice: fc.record({ price: anyPrice }),
  AdjustStock: fc.record({ delta: fc.integer({ min: -1e9, max: 1e9 }), reason: word }),
  PublishProduct: fc.constant({}),
  DiscontinueProduct: fc.record({ reason: word }, { requiredKeys: [] }),
};

/** A command as it comes, or the n-th of those that fit the state it meets. */
type Step = DomainCommand | { readonly pick: number };

function stepsOf(aggregate: Aggregate): fc.Arbitrary<Step[]> {
  const each = Object.keys(dataOf)
    .filter((type) => Object.hasOwn(aggregate.commands, type))
    .map((type) =>
      fc.record({
        type: fc.constant(type),
        data: dataOf[type] ?? fc.constant({}),
        now: fc.constant(NOW),
        by: fc.constantFrom(...callers),
      }),
    );
  const first = each[0] ?? fc.constant({ type: "", data: {}, now: NOW, by: ada });
  const fitting = fc.record({ pick: fc.nat() });
  return fc
    .tuple(first, fc.array(fc.oneof(...each, fitting, fitting, fitting), { maxLength: 40 }))
    .map(([begin, rest]) => [begin, ...rest]);
}

function commandOf(step: Step, aggregate: Aggregate, state: EntityState): DomainCommand {
  if (!("pick" in step)) return step;
  const all =
    aggregate.name === "order"
      ? orderCommands(state as EntityState<OrderContext>)
      : productCommands(state as EntityState<ProductContext>);
  const command = all[step.pick % all.length];
  if (command === undefined) throw new RangeError("there is always a command");
  return command;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

describe.each(Object.entries(aggregates))("any commands to an %s", (_name, aggregate) => {
  it("end in events that fold to the decided state, or in a refusal, and never in a throw", () => {
    fc.assert(
      fc.property(stepsOf(aggregate), (steps) => {
        let state: EntityState = initialState(aggregate);
        const events = [];
        for (const step of steps) {
          const command = commandOf(step, aggregate, state);
          const { schema } = aggregate.commands[command.type] ?? {};
          expect(schema?.safeParse(command.data)).toMatchObject({ success: true });
          const decision = judged(aggregate, state, command);
          const isInternal = command.by.scope === "internal";
          const isAllowed = allowedCommands(aggregate, state, command.by).some(
            (permission) => permission.command === command.type && permission.allowed,
          );
          if (decision.kind === "accepted" && !isInternal) expect(isAllowed).toBe(true);
          if (decision.kind === "refused") {
            if (isInternal) continue;
            expect(decision.refusal.allowedCommands.includes(command.type)).toBe(
              isAllowed && decision.refusal.code !== "NOT_FOUND",
            );
            continue;
          }
          state = decision.state;
          events.push(...decision.events);
        }
        expect(plain(fold(aggregate, events))).toEqual(plain(state));
      }),
      { numRuns: sampleSize(100, 1_000) },
    );
  });

  it("get the same answer from a deep-frozen state in plain JSON, twice", () => {
    fc.assert(
      fc.property(stepsOf(aggregate), (steps) => {
        let state: EntityState = initialState(aggregate);
        for (const step of deepFreeze(steps)) {
          const command = deepFreeze(commandOf(step, aggregate, state));
          const stored = deepFreeze(plain(state));
          const decision = judged(aggregate, state, command);
          for (const again of [
            judged(aggregate, stored, command),
            judged(aggregate, stored, command),
          ]) {
            expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
          }
          if (decision.kind === "accepted") state = decision.state;
        }
      }),
      { numRuns: sampleSize(40, 400) },
    );
  });

  it("leave a context that JSON gives back as it was, within its bounds", () => {
    fc.assert(
      fc.property(stepsOf(aggregate), (steps) => {
        let state: EntityState = initialState(aggregate);
        for (const step of steps) {
          const command = commandOf(step, aggregate, state);
          const decision = judged(aggregate, state, command);
          if (decision.kind === "accepted") state = decision.state;
          expect(plain(state)).toEqual({ value: state.value, context: state.context });
          const { stock } = state.context as { stock?: { onHand: number } };
          if (stock !== undefined) expect(stock.onHand).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: sampleSize(40, 400) },
    );
  });
});

it("folds a long history in which one line comes and goes", () => {
  const again = lineIdOf(COMMAND_ID, 7);
  const added = orderHistory().slice(0, 1);
  const item7 = { ...candidate("C"), lineId: again };
  const come = { sku: "C", quantity: 1, line: item7 };
  let state = fold(orderAggregate, added);
  for (let round = 0; round < 200; round += 1) {
    for (const [type, data] of [
      ["AddOrderItem", come],
      ["RemoveOrderItem", { lineId: again, reason: "again" }],
    ] as const) {
      const decision = judged(orderAggregate, state, { type, data, now: NOW, by: ada });
      if (decision.kind === "accepted") state = decision.state;
    }
  }
  expect(state.context.lines).toHaveLength(2);
});
