import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { readBytes } from "../http/body.ts";
import type { OriginPolicy } from "../http/origin.ts";

/** Where a person confirms or declines a payment of the sandbox; followed by the payment's key. */
export const ACTION_PATH = "/sandbox/actions/";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the person made of it, as the provider tells. */
interface Decided {
  readonly outcome: string;
  readonly reason?: string | undefined;
}

/** The sandbox provider, as the person's bank. */
export interface PaymentActions {
  confirm(key: string): Promise<Decided>;
  decline(key: string): Promise<Decided>;
}

interface ActionPageOptions {
  readonly actions: PaymentActions;
  readonly origins: OriginPolicy;
  readonly logger: Logger;
}

/** Answers for one path below `ACTION_PATH`. Never throws. */
export type ActionPage = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

interface Page {
  readonly status: number;
  readonly text: string;
  /** Whether there is still something to decide. */
  readonly isOpen?: boolean;
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

/**
 * Stands in for the page of a bank, in development only: whoever knows a payment's key may confirm
 * or decline it. The sandbox then tells the order through the webhook, as a real provider would.
 */
export function createActionPage({ actions, origins, logger }: ActionPageOptions): ActionPage {
  const decide = async (key: string, request: IncomingMessage): Promise<Page> => {
    if (!UUID.test(key)) return { status: 404, text: "There is no such payment." };
    if (request.method === "GET" || request.method === "HEAD") {
      return { status: 200, text: `The sandbox asks: may payment ${key} be made?`, isOpen: true };
    }
    if (request.method !== "POST") return { status: 405, text: "Look by GET, decide by POST." };
    if (!origins.allows(request)) return { status: 403, text: "Not from another web page." };
    const form = new URLSearchParams((await readBytes(request)).toString("utf8"));
    const decision = form.get("decision");
    if (decision !== "confirm" && decision !== "decline") {
      return { status: 400, text: "Send decision=confirm or decision=decline." };
    }
    const { outcome, reason } = await actions[decision](key);
    if (reason === "PAYMENT_NOT_FOUND") return { status: 404, text: "There is no such payment." };
    const why = reason === undefined ? "" : ` (${reason})`;
    const status = outcome === "UNKNOWN" ? 503 : 200;
    return { status, text: `The payment is ${outcome.toLowerCase()}${why}.` };
  };

  return async (path, request, response) => {
    const page = await decide(path.slice(ACTION_PATH.length), request).catch((err: unknown) => {
      const isTooLarge = (err as { code?: unknown } | null)?.code === "LIMIT_EXCEEDED";
      if (!isTooLarge) logger.error({ err }, "fault on the sandbox's page");
      return isTooLarge
        ? { status: 413, text: "That is too much." }
        : { status: 500, text: "Something went wrong." };
    });
    if (!request.complete) response.setHeader("connection", "close");
    if (page.status === 405) response.setHeader("allow", "GET, POST");
    response.writeHead(page.status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    response.end(request.method === "HEAD" ? "" : htmlOf(page));
  };
}

/** Holds nothing that came with the request but a key of hexadecimal digits. */
function htmlOf({ text, isOpen = false }: Page): string {
  const button = (value: string, label: string) =>
    `<button name="decision" value="${value}">${label}</button>`;
  const buttons = `${button("confirm", "Confirm")} ${button("decline", "Decline")}`;
  const form = `<form method="post">${buttons}</form>`;
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Sandbox payment</title>
  <style>body { font: 1rem/1.5 system-ui; margin: 4rem auto; max-width: 32rem }</style></head>
  <body><p>${text}</p>${isOpen ? form : ""}</body>
</html>
`;
}
