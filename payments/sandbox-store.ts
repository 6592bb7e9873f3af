import { setTimeout as delay } from "node:timers/promises";
import type { Collection, Db } from "mongodb";
import { MongoServerError } from "mongodb";
import { PaymentError } from "./payment-error.ts";
import { toDocument, type SandboxDocument } from "./sandbox-document.ts";
import type { Judgement, SandboxPayment } from "./sandbox-payment.ts";

const COLLECTION = "sandbox_payments";
/** A call that loses this many races for one payment is given up; its outcome is unknown. */
const RACES_MAX = 100;
const RACE_PAUSE_MS_MAX = 20;
const DUPLICATE_KEY = 11000;

/** Opens the collection; throws the driver's error when its index cannot be made. */
export async function openPayments(db: Db): Promise<Collection<SandboxDocument>> {
  const payments = db.collection<SandboxDocument>(COLLECTION, {
    readConcern: { level: "majority" },
    writeConcern: { w: "majority", journal: true },
  });
  await payments.createIndexes([
    {
      key: { "refunds.key": 1 },
      name: "refund_key",
      unique: true,
      partialFilterExpression: { "refunds.key": { $type: "string" } },
    },
  ]);
  return payments;
}

interface Change {
  readonly key: string;
  /** Saves a read where the payment is most likely a new one. */
  readonly isNew?: boolean;
  /** Null: there is no such payment, and there is to be none. */
  readonly judge: (payment: SandboxPayment | null) => Judgement | null;
}

/**
 * Judges a call on the payment as it stands and keeps the decision, by one write that lands only if
 * nothing has changed meanwhile; else it is judged again. So of racing calls one decides, and the
 * others are told. Throws when the outcome is open, and `KEY_REUSED` for another payment's refund.
 */
export async function change(
  payments: Collection<SandboxDocument>,
  { key, isNew = false, judge }: Change,
): Promise<Judgement | null> {
  for (let race = 0; race < RACES_MAX; race += 1) {
    const stored = race === 0 && isNew ? null : await payments.findOne({ _id: key });
    const judgement = judge(stored);
    if (judgement === null || judgement.payment === stored) return judgement;
    const next = toDocument(key, (stored?.revision ?? 0) + 1, judgement.payment);
    if (await lands(payments, next)) return judgement;
    await delay(Math.random() * Math.min(race + 1, RACE_PAUSE_MS_MAX));
  }
  throw new Error(`The payment ${key} is changed by too many calls at once`);
}

async function lands(
  payments: Collection<SandboxDocument>,
  next: SandboxDocument,
): Promise<boolean> {
  try {
    if (next.revision === 1) {
      await payments.insertOne(next);
      return true;
    }
    const before = { _id: next._id, revision: next.revision - 1 };
    return (await payments.replaceOne(before, next)).matchedCount === 1;
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
    if (next.revision === 1) return false;
    const message = "This key stands for a refund of another payment";
    throw new PaymentError("KEY_REUSED", message, { cause: error });
  }
}
