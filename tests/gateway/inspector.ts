import { once } from "node:events";
import { createWebSocketReceiver } from "@statelyai/inspect";
import type { StatelyInspectionEvent } from "@statelyai/inspect";
import { WebSocket } from "ws";
import { post } from "../support/graphql.ts";
import { disposeLater } from "../support/servers.ts";

/** A frame with what Statecart adds to Stately's format. */
export type Frame = StatelyInspectionEvent & {
  readonly statecart?: {
    readonly version: number;
    readonly by: string;
    readonly command: string;
    readonly commandId: string;
    readonly correlationId: string;
    readonly causationId: string | null;
  };
};

export interface Pass {
  readonly ticket: string;
  readonly path: string;
  readonly viewerPath: string | null;
  readonly expiresAt: string;
}

export const CREATE_TICKET = `mutation ($stream: String!) {
  createInspectionTicket(stream: $stream) { ticket path viewerPath expiresAt } }`;

/** Asks a gateway for a ticket; throws when it gives none. */
export async function passFor(graphql: string, token: string, stream: string): Promise<Pass> {
  const answer = await post<{ createInspectionTicket: Pass }>(graphql, token, {
    query: CREATE_TICKET,
    variables: { stream },
  });
  if (answer.data === null) throw new Error(JSON.stringify(answer));
  return answer.data.createInspectionTicket;
}

/** Where a pass leads to at a gateway. */
export function feedUrl(graphql: string, { path }: Pick<Pass, "path">): string {
  return new URL(path, graphql.replace(/^http/, "ws")).href;
}

/** What Stately's own receiver makes of a feed; it cannot be told to stop, the gateway can. */
export function receive(url: string): Frame[] {
  const frames: Frame[] = [];
  createWebSocketReceiver({ server: url }).subscribe((frame) => void frames.push(frame));
  return frames;
}

export interface Inspection {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** The same by a plain socket, whose end can be seen. */
export function inspect(url: string, headers: Readonly<Record<string, string>> = {}): Inspection {
  const socket = new WebSocket(url, { headers: { ...headers } });
  disposeLater(() => {
    socket.terminate();
    return Promise.resolve();
  });
  const frames: Frame[] = [];
  socket.on("message", (data: Buffer) => frames.push(JSON.parse(data.toString("utf8")) as Frame));
  const closed = once(socket, "close").then(([code, reason]: unknown[]) => ({
    code: code as number,
    reason: String(reason),
  }));
  return { socket, frames, closed };
}

/** How an upgrade that is not taken is answered; "opened" when it is. */
export async function refusal(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const socket = new WebSocket(url, { headers: { ...headers } });
  const refused = once(socket, "error").then(([error]) => String(error));
  const opened = new Promise<string>((resolve) => {
    socket.once("open", () => resolve("opened"));
  });
  return Promise.race([refused, opened]).finally(() => socket.terminate());
}

/** The versions that were told of a session, in the order in which they came. */
export function versionsOf(frames: readonly Frame[], sessionId: string): number[] {
  return frames
    .filter((frame) => frame.type === "@xstate.snapshot" && frame.sessionId === sessionId)
    .map((frame) => frame.statecart?.version ?? 0);
}
