import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { price } from "../../values/money.ts";
import { productEvent } from "../events.ts";
import { INTERNAL, STAFF, currencyObjection, productCommand } from "./command.ts";

export const changePrice = productCommand({
  description: "Sets the price of orders from now on; the currency stays.",
  scopes: STAFF,
  input: z.object({ price }),
  facts: z.object({}),
  decide({ context }, data) {
    const objection = currencyObjection(context, data.price);
    if (objection !== null) return objection;
    return data.price.minor === context.price.minor ? [] : [productEvent("PriceChanged", data)];
  },
});

export const schedulePrice = productCommand({
  description: "Plans a price for a moment to come, in the place of one that is planned already.",
  scopes: STAFF,
  input: z.object({ price, effectiveAt: z.iso.datetime() }),
  facts: z.object({}),
  decide({ context }, data, { now }) {
    const objection = currencyObjection(context, data.price);
    if (objection !== null) return objection;
    const effectiveAt = new Date(data.effectiveAt).toISOString();
    if (effectiveAt <= now) {
      return refuse("MOMENT_PASSED", "A price is planned for a moment to come.", { effectiveAt });
    }
    return [productEvent("PriceScheduled", { price: data.price, effectiveAt })];
  },
});

export const applyScheduledPrice = productCommand({
  description: "Makes the planned price the price.",
  scopes: INTERNAL,
  input: z.object({}),
  facts: z.object({}),
  decide({ context }, _data, { now }) {
    const { schedule } = context;
    if (schedule === null) return refuse("INVALID_TRANSITION", "No price is planned.");
    const { effectiveAt } = schedule;
    if (now < effectiveAt) {
      const dueAt = effectiveAt;
      return refuse("NOT_DUE", `That is due at ${dueAt}.`, { dueAt });
    }
    return [productEvent("ScheduledPriceApplied", { price: schedule.price })];
  },
});
