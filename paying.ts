import { createHmac } from "node:crypto";
import type { Db } from "mongodb";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Gateway, GatewayOptions } from "./gateway/index.ts";
import {
  createSandboxProvider,
  createSignedNotices,
  createWebhookSender,
  type PaymentProvider,
} from "./payments/index.ts";

/** The payment provider and its ways to the gateway. A real provider takes its place here. */
export interface Paying {
  readonly provider: PaymentProvider;
  /** The doors at which the provider and the people who pay knock. */
  readonly doors: Pick<GatewayOptions, "readNotice" | "paymentActions">;
  /** Tells where these doors are, once there are any. */
  opened(gateway: Pick<Gateway, "webhookUrl" | "actionUrlOf">): void;
}

interface PayingOptions {
  readonly db: Db;
  /** From which development makes the key of its notices. */
  readonly secret: string;
  readonly logger: Logger;
}

/** Opens the sandbox; throws the driver's error when its collection cannot be made. */
export async function openPaying(config: Config, options: PayingOptions): Promise<Paying> {
  const { db, logger } = options;
  const isDevelopment = config.mode === "development";
  const own = createHmac("sha256", options.secret).update("payment notices").digest("hex");
  const secrets = config.webhookSecret ?? (isDevelopment ? [own] : []);
  let gateway: Parameters<Paying["opened"]>[0] | null = null;
  const sandbox = await createSandboxProvider(db, {
    logger,
    callTimeoutMs: config.providerDeadlineMs,
    actionUrlOf: (key) => (isDevelopment ? gateway?.actionUrlOf(key) : undefined),
    notify: createWebhookSender({
      url: () => gateway?.webhookUrl ?? null,
      secret: secrets[0] ?? own,
      logger,
    }),
  });
  const notices = createSignedNotices({ secrets });
  return {
    provider: sandbox,
    doors: {
      readNotice: secrets.length === 0 ? null : (delivered) => notices.read(delivered),
      paymentActions: isDevelopment
        ? {
            confirm: (key) => sandbox.confirmAction(key),
            decline: (key) => sandbox.declineAction(key),
          }
        : null,
    },
    opened: (opened) => (gateway = opened),
  };
}
