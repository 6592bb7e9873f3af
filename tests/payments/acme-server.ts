import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { PaymentOutcome, SandboxProvider } from "../../payments/index.ts";
import { disposeLater } from "../support/servers.ts";
import { make } from "./sandbox-calls.ts";

const statuses = {
  APPROVED: "succeeded",
  DECLINED: "failed",
  ACTION_REQUIRED: "requires_action",
  UNKNOWN: "processing",
} as const;

/** A webhook as Acme sends it. */
export interface Delivery {
  readonly body: string;
  readonly signature: string;
}

export interface AcmeServer {
  readonly url: string;
  /** What the server does to the next calls after they were decided. */
  fault: "none" | "hangs" | "hangs up" | "says 500";
  /** What is delivered for an authorisation; the same notice for the same id. */
  deliver(options: {
    readonly id?: string;
    readonly payment: string;
    readonly reference: string;
    readonly outcome: PaymentOutcome;
  }): Delivery;
}

/** Somebody else's payment service over HTTP, with the sandbox's books behind the counter. */
export async function startAcme(sandbox: SandboxProvider, secret: string): Promise<AcmeServer> {
  const acme: AcmeServer = {
    url: "",
    fault: "none",
    deliver({ id = randomUUID(), payment, reference, outcome }) {
      const body = JSON.stringify({ id, payment, reference, ...answerOf(outcome) });
      return { body, signature: createHmac("sha256", secret).update(body).digest("hex") };
    },
  };
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const outcome = await judge(request, sandbox);
    if (acme.fault === "hangs") return;
    if (acme.fault === "hangs up") return void response.destroy();
    const status = acme.fault === "says 500" ? 500 : statusOf(outcome);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(outcome instanceof Error ? {} : answerOf(outcome)));
  };
  await once(server.listen(0, "127.0.0.1"), "listening");
  disposeLater(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(acme, { url: `http://127.0.0.1:${port}` });
}

async function judge(
  request: IncomingMessage,
  sandbox: SandboxProvider,
): Promise<PaymentOutcome | Error> {
  const body = JSON.parse(await text(request)) as object;
  const [, , payment = "", step = "authorise"] = (request.url ?? "").split("/");
  const key = decodeURIComponent(payment);
  const call = step === "refunds" ? "refund" : (step as "authorise" | "capture" | "void");
  const refundKey = String(request.headers["idempotency-key"]);
  const ids = call === "refund" ? { key: refundKey, paymentKey: key } : { key };
  return await make(sandbox, [call, { ...body, ...ids }]).catch((error: unknown) => error as Error);
}

function statusOf(outcome: PaymentOutcome | Error): number {
  if (!(outcome instanceof Error)) return 200;
  return "code" in outcome && outcome.code === "KEY_REUSED" ? 409 : 422;
}

function answerOf(outcome: PaymentOutcome) {
  return {
    status: statuses[outcome.outcome],
    ...("reason" in outcome && { failure_code: outcome.reason }),
    ...("actionUrl" in outcome && { next_action_url: outcome.actionUrl }),
  };
}
