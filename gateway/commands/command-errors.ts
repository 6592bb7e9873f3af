import { z } from "zod";
import type { Money, Refusal } from "../../machines/index.ts";

interface Common {
  readonly code: string;
  readonly message: string;
  /** Where in the mutation's arguments the fault is. */
  readonly path?: readonly string[];
}

/**
 * What each kind of error tells beyond its code and message. A name means one type in all of them,
 * or no document could ask for the members of all.
 */
interface Members {
  readonly ValidationFailed: object;
  readonly Refused: { readonly refusal: Refusal };
  readonly InvalidTransition: { readonly refusal: Refusal };
  readonly VersionConflict: { readonly expected: number; readonly actual: number };
  readonly InsufficientStock: {
    readonly sku: string;
    readonly requested: number;
    readonly available: number;
  };
  readonly QuantityExceeds: {
    readonly lineId: string;
    readonly requested: number;
    readonly limit: number;
  };
  readonly AmountExceedsDue: { readonly due: Money };
  readonly CurrencyMismatch: {
    readonly expectedCurrency: string;
    readonly actualCurrency: string;
  };
  readonly CustomerErased: object;
  readonly StockChanged: { readonly expected: number; readonly actual: number };
  readonly OrderRejected: object;
  readonly LineRefused: { readonly sku: string };
  readonly PaymentDeclined: { readonly reason: string; readonly attemptsLeft: number };
  readonly RefundDeclined: { readonly refundId: string };
  readonly ReadModelBehind: { readonly version: number };
  readonly NotSettled: { readonly version: number };
}

/** Why a command was not accepted, as the payload of its mutation tells it; `kind` is the type. */
export type CommandError = {
  [Kind in keyof Members]: Common & { readonly kind: Kind } & Members[Kind];
}[keyof Members];

/** The error of one fault that zod found in an input. */
export function validationError(issue: z.core.$ZodIssue): CommandError {
  const path = ["input", ...issue.path.map(String)];
  const message = `${path.join(".")}: ${issue.message}`;
  return { kind: "ValidationFailed", code: "VALIDATION", message, path };
}

const figures = z.object({ expected: z.number(), actual: z.number() });
const words = z.object({ expected: z.string(), actual: z.string() });
const units = z.object({ lineId: z.string(), requested: z.number(), limit: z.number() });
const due = z.object({ due: z.number(), currency: z.string() });

type Typed = (details: Refusal["details"], common: Common) => CommandError | null;

/** Makes errors of one kind from refusals whose details have what the kind tells. */
function typed<Details>(
  schema: z.ZodType<Details>,
  make: (details: Details, common: Common) => CommandError,
): Typed {
  return (details, common) => {
    const parsed = schema.safeParse(details);
    return parsed.success ? make(parsed.data, common) : null;
  };
}

/** Codes whose figures have members of their own; every other refusal shows its `details`. */
const kinds: ReadonlyMap<string, Typed> = new Map([
  [
    "VERSION_CONFLICT",
    typed(figures, (found, common) => ({
      kind: "VersionConflict",
      ...common,
      ...found,
      path: ["input", "expectedVersion"],
    })),
  ],
  [
    "STOCK_CHANGED",
    typed(figures, (found, common) => ({ kind: "StockChanged", ...common, ...found })),
  ],
  [
    "CUSTOMER_ERASED",
    typed(z.object({}), (_found, common) => ({
      kind: "CustomerErased",
      ...common,
      path: ["input", "personal"],
    })),
  ],
  [
    "CURRENCY_MISMATCH",
    typed(words, ({ expected, actual }, common) => ({
      kind: "CurrencyMismatch",
      ...common,
      expectedCurrency: expected,
      actualCurrency: actual,
    })),
  ],
  [
    "QUANTITY_EXCEEDS",
    typed(units, (found, common) => ({ kind: "QuantityExceeds", ...common, ...found })),
  ],
  [
    "AMOUNT_EXCEEDS_DUE",
    typed(due, ({ due: minor, currency }, common) => ({
      kind: "AmountExceedsDue",
      ...common,
      due: { minor, currency },
    })),
  ],
]);

/** The error that a refusal of the domain becomes. */
export function refusalError(refusal: Refusal): CommandError {
  const { code, message, details } = refusal;
  const error = kinds.get(code)?.(details, { code, message });
  if (error !== null && error !== undefined) return error;
  const kind = code === "INVALID_TRANSITION" ? "InvalidTransition" : "Refused";
  return { kind, code, message, refusal };
}

/** The command is accepted, but the read models did not follow in time. */
export function readModelBehind(version: number): CommandError {
  return {
    kind: "ReadModelBehind",
    code: "READ_MODEL_BEHIND",
    message: "The command is accepted; the read models have not caught up with it yet.",
    version,
  };
}

/** The command is accepted, but what it started goes on. */
export function notSettled(version: number): CommandError {
  return {
    kind: "NotSettled",
    code: "NOT_SETTLED",
    message: "The command is accepted; what it has started goes on. Query or watch the order.",
    version,
  };
}
