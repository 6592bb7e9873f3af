import type { Collection } from "mongodb";
import type { LedgerColumn, SandboxDocument } from "./sandbox-document.ts";

/**
 * Minor units of one currency: what was ever approved, voided, captured and refunded, and what is
 * held now. A capture of a part sets the rest free, which is then neither held nor voided.
 */
export type LedgerSums = Readonly<Record<LedgerColumn, number>> & { readonly currency: string };

/** The ledger of one payment, by the attempt's key. */
export type LedgerEntry = LedgerSums & { readonly key: string };

/** What the provider believes, for comparison with what the orders believe. */
export interface SandboxLedger {
  /** Null where no payment with this key was ever asked for. */
  of(key: string): Promise<LedgerEntry | null>;
  all(): AsyncIterable<LedgerEntry>;
  /** One for each currency; a `RangeError` means that a sum is no exact number any more. */
  sums(): Promise<LedgerSums[]>;
}

/** The ledger of a collection of payments; its reads throw the driver's errors. */
export function createSandboxLedger(payments: Collection<SandboxDocument>): SandboxLedger {
  return {
    async of(key) {
      const payment = await payments.findOne({ _id: key, currency: { $ne: null } });
      return payment && toEntry(payment);
    },
    async *all() {
      for await (const payment of payments.find({ currency: { $ne: null } })) {
        yield toEntry(payment);
      }
    },
    async sums() {
      const groups = payments.aggregate<LedgerSums & { readonly _id: string }>([
        { $match: { currency: { $ne: null } } },
        {
          $group: {
            _id: "$currency",
            authorised: { $sum: "$ledger.authorised" },
            voided: { $sum: "$ledger.voided" },
            captured: { $sum: "$ledger.captured" },
            refunded: { $sum: "$ledger.refunded" },
            held: { $sum: "$ledger.held" },
          },
        },
        { $sort: { _id: 1 } },
      ]);
      return (await groups.toArray()).map(({ _id, ...sums }) => columnsOf(_id, sums));
    },
  };
}

function toEntry({ _id, currency, ledger }: SandboxDocument): LedgerEntry {
  return { key: _id, ...columnsOf(currency ?? "", ledger) };
}

function columnsOf(currency: string, columns: SandboxDocument["ledger"]): LedgerSums {
  const exact = (column: LedgerColumn): number => {
    const minor = Number(columns[column]);
    if (Number.isSafeInteger(minor)) return minor;
    throw new RangeError(`${column} in ${currency} is beyond the exact numbers`);
  };
  return {
    currency,
    authorised: exact("authorised"),
    voided: exact("voided"),
    captured: exact("captured"),
    refunded: exact("refunded"),
    held: exact("held"),
  };
}
