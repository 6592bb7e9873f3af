import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { NoticeError, type PaymentNotice, type PaymentNotices } from "./notice.ts";

/** The header that carries the moment and the signature. */
export const SIGNATURE_HEADER = "x-statecart-signature";

/** How far the moment of a signature may be from now, either way. */
const TOLERANCE_MS = 300_000;
/** A sender may sign with the old key and the new one while keys change. */
const SIGNATURES_MAX = 4;

const SIGNATURE = /^t=(?<seconds>\d{1,12})(?<signatures>(?:,v1=[0-9a-f]{64})+)$/;

const key = z.uuid().toLowerCase();
const named = { id: z.string().trim().min(1).max(200), orderId: z.uuid().toLowerCase(), key };
const decision = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("APPROVED") }),
  z.object({ outcome: z.literal("DECLINED"), reason: z.string().trim().min(1).max(500) }),
]);
const action = z.object({
  outcome: z.literal("ACTION_REQUIRED"),
  actionUrl: z.url().max(2_000).optional(),
});

/** The body of a notice: only an authorisation can require an action. */
const body = z.discriminatedUnion("call", [
  z.object({ ...named, call: z.literal("authorise"), outcome: z.union([decision, action]) }),
  z.object({ ...named, call: z.enum(["capture", "void", "refund"]), outcome: decision }),
]);

interface SignedNoticesOptions {
  /** Any of them is good, so that a key can be changed; without one nothing is. */
  readonly secrets: readonly string[];
  readonly now?: () => number;
}

/**
 * Notices in our own form: JSON, signed by HMAC-SHA256 over the moment and the body together. What
 * was signed more than five minutes ago is refused, so that a notice that somebody has recorded is
 * worth nothing later; within them it is known by its id.
 */
export function createSignedNotices({
  secrets,
  now = Date.now,
}: SignedNoticesOptions): PaymentNotices {
  return {
    read({ headers, rawBody }) {
      const header = headers[SIGNATURE_HEADER];
      if (typeof header !== "string") {
        throw new NoticeError("SIGNATURE_MISSING", `There is no header ${SIGNATURE_HEADER}.`);
      }
      const { seconds = "", signatures = "" } = SIGNATURE.exec(header)?.groups ?? {};
      const given = signatures.split(",v1=").slice(1, SIGNATURES_MAX + 1);
      const isOurs = secrets.some((secret) => {
        const expected = Buffer.from(macOf(secret, seconds, rawBody), "hex");
        return given.some((text) => timingSafeEqual(Buffer.from(text, "hex"), expected));
      });
      if (!isOurs) throw new NoticeError("SIGNATURE_INVALID", "The signature is not valid.");
      if (Math.abs(now() - Number(seconds) * 1_000) > TOLERANCE_MS) {
        const message =
          "The signature is more than five minutes from now: sign each delivery anew.";
        throw new NoticeError("SIGNATURE_EXPIRED", message);
      }
      return parsed(rawBody);
    },
  };
}

/** The header of a body that is sent at a moment (milliseconds since the epoch). */
export function signatureOf(secret: string, rawBody: string | Buffer, at: number): string {
  const seconds = String(Math.floor(at / 1_000));
  return `t=${seconds},v1=${macOf(secret, seconds, rawBody)}`;
}

function macOf(secret: string, seconds: string, rawBody: string | Buffer): string {
  return createHmac("sha256", secret).update(`${seconds}.`).update(rawBody).digest("hex");
}

function parsed(rawBody: Buffer): PaymentNotice {
  let json: unknown;
  try {
    json = JSON.parse(rawBody.toString("utf8"));
  } catch {
    throw new NoticeError("NOTICE_MALFORMED", "The body is no JSON.");
  }
  const { data, error } = body.safeParse(json);
  if (error === undefined) return data as PaymentNotice;
  const [first] = error.issues;
  const place = first?.path.join(".") ?? "";
  const message = `The notice is malformed at ${place === "" ? "its root" : place}`;
  throw new NoticeError("NOTICE_MALFORMED", `${message}: ${first?.message ?? "not valid"}.`);
}
