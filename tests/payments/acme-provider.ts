import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { PaymentError, withDeadline } from "../../payments/index.ts";
import type {
  AuthoriseRequest,
  PaymentOutcome,
  PaymentProvider,
  RefundRequest,
} from "../../payments/index.ts";
import { silent } from "./sandbox-rig.ts";

/** Acme's answer to any call, in Acme's words. */
const acmeAnswer = z.object({
  status: z.enum(["succeeded", "failed", "requires_action", "processing"]),
  failure_code: z.string().optional(),
  next_action_url: z.string().optional(),
});

/** A provider behind HTTP: what docs/payments.md says of a real one, as code. */
export function createAcmeProvider(options: {
  readonly url: string;
  readonly apiKey: string;
  readonly callTimeoutMs: number;
}): PaymentProvider {
  const post = async (path: string, key: string | null, body: object): Promise<PaymentOutcome> => {
    const response = await fetch(`${options.url}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        "content-type": "application/json",
        ...(key !== null && { "idempotency-key": key }),
      },
      body: JSON.stringify(body),
      // Ends the call itself, some while after nobody listens any more.
      signal: AbortSignal.timeout(2 * options.callTimeoutMs),
    });
    if (response.status === 409) throw new PaymentError("KEY_REUSED", await response.text());
    if (response.status === 422) throw new PaymentError("REQUEST_INVALID", await response.text());
    // Anything else that is no answer leaves the outcome open: withDeadline says UNKNOWN.
    if (!response.ok) throw new Error(`Acme answers ${response.status}`);
    return outcomeOf(acmeAnswer.parse(await response.json()));
  };

  const pathOf = (key: string) => `/payments/${encodeURIComponent(key)}`;
  const { callTimeoutMs } = options;
  return withDeadline(
    {
      authorise: ({ key, ...rest }: AuthoriseRequest) =>
        post(pathOf(key), `${key}/authorise`, rest),
      capture: ({ key, amount }) => post(`${pathOf(key)}/capture`, `${key}/capture`, { amount }),
      // Without a key: a declined void is asked for again and wants to be decided anew.
      void: ({ key }) => post(`${pathOf(key)}/void`, null, {}),
      refund: ({ key, paymentKey, amount }: RefundRequest) =>
        post(`${pathOf(paymentKey)}/refunds`, key, { amount }),
    },
    { callTimeoutMs, callsInFlightMax: 100, logger: silent },
  );
}

function outcomeOf(answer: z.output<typeof acmeAnswer>): PaymentOutcome {
  switch (answer.status) {
    case "succeeded":
      return { outcome: "APPROVED" };
    case "failed":
      return { outcome: "DECLINED", reason: answer.failure_code ?? "DECLINED" };
    case "requires_action": {
      const actionUrl = answer.next_action_url;
      return { outcome: "ACTION_REQUIRED", ...(actionUrl !== undefined && { actionUrl }) };
    }
    case "processing":
      return { outcome: "UNKNOWN", reason: "PROCESSING" };
  }
}

const acmeNotice = acmeAnswer.extend({
  id: z.string(),
  payment: z.uuid(),
  reference: z.uuid(),
});

/**
 * What a webhook's body tells; null when Acme has not signed it. `readNotice` of paying.ts throws a
 * `NoticeError` instead.
 */
export function noticeOf(rawBody: string, signature: string, secret: string) {
  const expected = createHmac("sha256", secret).update(rawBody).digest();
  const given = Buffer.from(signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const { id, payment, reference, ...answer } = acmeNotice.parse(JSON.parse(rawBody));
  return {
    id,
    orderId: reference,
    call: "authorise",
    key: payment,
    outcome: outcomeOf(answer),
  } as const;
}
