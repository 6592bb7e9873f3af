import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { productEvent } from "../events.ts";
import { ON_HAND_MAX, onHand, reasonText, stockDelta, stockPolicyKind } from "../fields.ts";
import { STAFF, productCommand } from "./command.ts";

export const adjustStock = productCommand({
  description: "Adds or takes away units that are on hand.",
  scopes: STAFF,
  input: z.object({ delta: stockDelta, reason: reasonText }),
  facts: z.object({}),
  decide({ context }, { delta, reason }) {
    if (delta === 0) return [];
    if (context.stock.onHand + delta > ON_HAND_MAX) {
      const details = { onHand: context.stock.onHand, delta, limit: ON_HAND_MAX };
      return refuse("AMOUNT_TOO_LARGE", "That is more stock than can be counted.", details);
    }
    return [productEvent("StockAdjusted", { delta, reason })];
  },
});

export const setStock = productCommand({
  description: "Sets what a count has found, if stock is still what the counter started from.",
  scopes: STAFF,
  input: z.object({
    onHand,
    changedFrom: onHand,
    /** How many of them cannot be sold; stays as it is when left out. */
    damaged: onHand.optional(),
    reason: reasonText,
  }),
  facts: z.object({}),
  decide({ context }, { damaged, ...data }) {
    const { stock } = context;
    if (data.changedFrom !== stock.onHand) {
      return refuse("STOCK_CHANGED", "Stock has changed since it was counted.", {
        expected: data.changedFrom,
        actual: stock.onHand,
      });
    }
    const broken = damaged ?? Math.min(stock.damaged, data.onHand);
    if (broken > data.onHand) {
      const details = { onHand: data.onHand, damaged: broken };
      return refuse("QUANTITY_EXCEEDS", "More units are damaged than there are.", details);
    }
    if (data.onHand === stock.onHand && broken === stock.damaged) return [];
    return [productEvent("StockSet", { ...data, damaged: broken })];
  },
});

export const setStockPolicy = productCommand({
  description: "Says whether more may be sold than there is, up to what limit, and what is kept.",
  scopes: STAFF,
  input: z.object({
    policy: stockPolicyKind,
    /** Units that may be sold before they are there; none under DENY. */
    backorderLimit: onHand.optional(),
    safety: onHand.optional(),
  }),
  facts: z.object({}),
  decide({ context }, { policy, backorderLimit, safety }) {
    const { stock, stockPolicy } = context;
    if (policy === "DENY" && (backorderLimit ?? 0) > 0) {
      return refuse("AMBIGUOUS", "A limit of back-orders goes with the policy BACKORDER.");
    }
    const limit = policy === "DENY" ? 0 : (backorderLimit ?? stockPolicy.backorderLimit);
    const kept = safety ?? stock.safety;
    const isSame =
      policy === stockPolicy.kind && limit === stockPolicy.backorderLimit && kept === stock.safety;
    if (isSame) return [];
    const next = { kind: policy, backorderLimit: limit, safety: kept };
    return [productEvent("StockPolicySet", next)];
  },
});
