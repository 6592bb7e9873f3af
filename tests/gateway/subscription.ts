import { eventually } from "../support/servers.ts";
import { openAcknowledged } from "./socket.ts";
import type { RawSocket } from "./socket.ts";

/** One item of any feed. */
export interface Item {
  readonly __typename: string;
  readonly cursor: string;
  readonly reason?: string;
  readonly kind?: string;
  readonly available?: number;
  readonly event?: { readonly id: string; readonly type: string; readonly version: number };
}

/** A subscription on a socket of its own that forgets nothing. */
export interface Subscription {
  readonly socket: RawSocket;
  items(): Item[];
  /** The ids of the events so far. */
  events(): string[];
  /** Waits until an item fits. */
  item(fits: (item: Item) => boolean): Promise<Item>;
  errors(): { readonly extensions?: { readonly code?: string } }[];
}

interface Wanted {
  readonly url: string;
  readonly token: string;
  readonly query: string;
  readonly variables?: object;
}

/** Subscribes and waits for the first answer. */
export async function subscribe(wanted: Wanted): Promise<Subscription> {
  const socket = await openAcknowledged(wanted.url, wanted.token);
  const { query, variables = {} } = wanted;
  socket.send({ type: "subscribe", id: "1", payload: { query, variables } });
  await socket.message(({ type }) => type === "next" || type === "error");
  const payloads = (type: string): unknown[] =>
    socket.frames
      .map((frame) => JSON.parse(frame) as { type: string; payload?: unknown })
      .filter((message) => message.type === type)
      .map(({ payload }) => payload);
  const items = (): Item[] =>
    payloads("next").flatMap((payload) =>
      Object.values((payload as { data: Record<string, Item> }).data),
    );
  return {
    socket,
    items,
    events: () => items().flatMap(({ event }) => (event === undefined ? [] : [event.id])),
    errors: () => payloads("error").flat() as ReturnType<Subscription["errors"]>,
    async item(fits) {
      let found: Item | undefined;
      await eventually(() => (found = items().find(fits)) !== undefined);
      if (found === undefined) throw new Error("not found");
      return found;
    },
  };
}
