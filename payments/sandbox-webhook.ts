import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { PaymentNotice } from "./notice.ts";
import { signatureOf, SIGNATURE_HEADER } from "./signed-notices.ts";

const TRIES_MAX = 3;
const TRY_TIMEOUT_MS = 5_000;
const PAUSE_MS = 200;

interface WebhookSenderOptions {
  /** Where notices go; null while there is nobody yet. */
  readonly url: () => string | null;
  readonly secret: string;
  readonly logger: Logger;
}

/** Delivers a notice; false when nobody took it. Never throws: an order asks by itself as well. */
export type SendNotice = (notice: PaymentNotice) => Promise<boolean>;

/** The sandbox's half of a webhook: signed anew for each of a few tries. */
export function createWebhookSender({ url, secret, logger }: WebhookSenderOptions): SendNotice {
  const deliver = async (to: string, body: string): Promise<string | null> => {
    try {
      const response = await fetch(to, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          [SIGNATURE_HEADER]: signatureOf(secret, body, Date.now()),
        },
        body,
        signal: AbortSignal.timeout(TRY_TIMEOUT_MS),
      });
      const answer = await response.text();
      return response.ok ? null : `${String(response.status)} ${answer}`;
    } catch (error) {
      return String(error);
    }
  };

  return async (notice) => {
    const body = JSON.stringify(notice);
    let reason: string | null = "there is no address yet";
    for (let count = 1; count <= TRIES_MAX; count += 1) {
      const to = url();
      if (to !== null) reason = await deliver(to, body);
      if (reason === null) return true;
      if (count < TRIES_MAX) await delay(PAUSE_MS * count);
    }
    logger.warn({ notice: notice.id, reason }, "the sandbox's notice was not taken");
    return false;
  };
}
