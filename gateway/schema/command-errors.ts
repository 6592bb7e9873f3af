import type { CommandError } from "../commands/command-errors.ts";
import { builder } from "./builder.ts";
import { moneyType } from "./money.ts";

type OfKind<Kind extends CommandError["kind"]> = Extract<CommandError, { readonly kind: Kind }>;

/** Why a command was not accepted. Clients may rely on `code`. */
export const commandErrorType = builder.interfaceRef<CommandError>("CommandError").implement({
  description:
    "Why a command was not accepted, or did not end well where `SETTLED` waited for its end; " +
    "`code` is stable, `message` is for a person.",
  resolveType: (error) => error.kind,
  fields: (t) => ({
    code: t.exposeString("code"),
    message: t.exposeString("message"),
    path: t.stringList({
      nullable: true,
      description: "Which argument is at fault, from the outside in.",
      resolve: ({ path }) => (path === undefined ? null : [...path]),
    }),
  }),
});

const interfaces = [commandErrorType];

builder.objectRef<OfKind<"ValidationFailed">>("ValidationFailed").implement({
  description: "The input is not valid; there is one such error for each fault.",
  interfaces,
});

builder.objectRef<OfKind<"InvalidTransition">>("InvalidTransition").implement({
  description: "The statechart has no way from where the entity stands.",
  interfaces,
  fields: (t) => ({
    state: t.field({ type: "JSON", nullable: true, resolve: ({ refusal }) => refusal.state }),
    allowedIn: t.stringList({
      description: "The states that would allow it.",
      resolve: ({ refusal }) => texts(refusal.details["allowedIn"]),
    }),
    allowedCommands: t.stringList({
      description: "What is allowed instead.",
      resolve: ({ refusal }) => [...refusal.allowedCommands],
    }),
  }),
});

builder.objectRef<OfKind<"VersionConflict">>("VersionConflict").implement({
  description: "The entity is not at the version that was expected.",
  interfaces,
  fields: (t) => ({ expected: t.exposeInt("expected"), actual: t.exposeInt("actual") }),
});

builder.objectRef<OfKind<"Refused">>("Refused").implement({
  description: "A rule of the domain says no.",
  interfaces,
  fields: (t) => ({
    details: t.field({
      type: "JSON",
      description: "The figures behind the refusal.",
      resolve: ({ refusal }) => refusal.details,
    }),
    state: t.field({ type: "JSON", nullable: true, resolve: ({ refusal }) => refusal.state }),
    allowedCommands: t.stringList({ resolve: ({ refusal }) => [...refusal.allowedCommands] }),
  }),
});

builder.objectRef<OfKind<"ReadModelBehind">>("ReadModelBehind").implement({
  description: "The command is accepted, but `STRONG` was not reached in time.",
  interfaces,
  fields: (t) => ({ version: t.exposeInt("version") }),
});

builder.objectRef<OfKind<"NotSettled">>("NotSettled").implement({
  description:
    "The command is accepted, but what it has started goes on: `SETTLED` was not reached.",
  interfaces,
  fields: (t) => ({ version: t.exposeInt("version") }),
});

builder.objectRef<OfKind<"InsufficientStock">>("InsufficientStock").implement({
  description: "The order was rejected because a product has too few units left.",
  interfaces,
  fields: (t) => ({
    sku: t.exposeString("sku"),
    requested: t.exposeInt("requested"),
    available: t.exposeInt("available"),
  }),
});

builder.objectRef<OfKind<"OrderRejected">>("OrderRejected").implement({
  description: "The order was rejected for another reason than stock or money; see `rejection`.",
  interfaces,
});

builder.objectRef<OfKind<"LineRefused">>("LineRefused").implement({
  description: "The added line went again, because its product refused it; the order goes on.",
  interfaces,
  fields: (t) => ({ sku: t.exposeString("sku") }),
});

builder.objectRef<OfKind<"PaymentDeclined">>("PaymentDeclined").implement({
  description: "The payment provider said no.",
  interfaces,
  fields: (t) => ({
    reason: t.exposeString("reason", { description: "As the provider gave it." }),
    attemptsLeft: t.exposeInt("attemptsLeft"),
  }),
});

builder.objectRef<OfKind<"RefundDeclined">>("RefundDeclined").implement({
  description: "The payment provider refused the refund; `retryRefund` asks again.",
  interfaces,
  fields: (t) => ({ refundId: t.field({ type: "UUID", resolve: ({ refundId }) => refundId }) }),
});

builder.objectRef<OfKind<"QuantityExceeds">>("QuantityExceeds").implement({
  description: "More units of a line than can be had.",
  interfaces,
  fields: (t) => ({
    lineId: t.field({ type: "UUID", resolve: ({ lineId }) => lineId }),
    requested: t.exposeInt("requested"),
    limit: t.exposeInt("limit"),
  }),
});

builder.objectRef<OfKind<"AmountExceedsDue">>("AmountExceedsDue").implement({
  description: "More money than can be paid back; what is pending or owed is on its way already.",
  interfaces,
  fields: (t) => ({ due: t.field({ type: moneyType, resolve: ({ due }) => due }) }),
});

builder.objectRef<OfKind<"CurrencyMismatch">>("CurrencyMismatch").implement({
  description: "Prices and amounts of one order or product have one currency.",
  interfaces,
  fields: (t) => ({
    expectedCurrency: t.exposeString("expectedCurrency"),
    actualCurrency: t.exposeString("actualCurrency"),
  }),
});

builder.objectRef<OfKind<"CustomerErased">>("CustomerErased").implement({
  description: "The customer was erased: nothing personal is taken of them any more.",
  interfaces,
});

builder.objectRef<OfKind<"StockChanged">>("StockChanged").implement({
  description: "Stock is not what the count started from: count again.",
  interfaces,
  fields: (t) => ({ expected: t.exposeInt("expected"), actual: t.exposeInt("actual") }),
});

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
