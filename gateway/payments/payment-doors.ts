import type { Logger } from "pino";
import type { CommandBus } from "../../actors/index.ts";
import type { OriginPolicy } from "../http/origin.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { createActionPage } from "./action-page.ts";
import type { PaymentActions } from "./action-page.ts";
import { createPaymentWebhook } from "./webhook.ts";
import type { ReadNotice } from "./webhook.ts";

interface DoorsOptions {
  /** Checks and reads what the payment provider tells by itself; without it nobody may tell. */
  readonly readNotice?: ReadNotice | null;
  /** Decides on payments of the sandbox; without it there is no page for it. */
  readonly paymentActions?: PaymentActions | null;
  readonly bus: CommandBus;
  readonly commandDeadlineMs: number;
  readonly origins: OriginPolicy;
  readonly traffic: Traffic;
  readonly trustedProxies: number;
  readonly logger: Logger;
}

/** The doors of the payment provider and of those who pay. */
export function paymentDoors(options: DoorsOptions) {
  const { readNotice = null, paymentActions: actions = null, origins, logger } = options;
  return {
    webhook: createPaymentWebhook({ ...options, readNotice }),
    actionPage: actions === null ? null : createActionPage({ actions, origins, logger }),
  };
}
