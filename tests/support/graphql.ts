import { createClient, type Client } from "graphql-ws";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

export interface GraphQLAnswer<T> {
  readonly data: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** One GraphQL request over HTTP, as curl would send it. */
export async function post<T = Record<string, unknown>>(
  url: string,
  token: string | null,
  body: { readonly query: string; readonly variables?: object },
): Promise<GraphQLAnswer<T> & { readonly status: number }> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as GraphQLAnswer<T>) };
}

/** A subscription whose items queue up, so that none is missed between two looks. */
export interface Watch<T> {
  readonly items: T[];
  /** Terminates the socket under the client, which then resumes by cursor. */
  cut(): void;
  close(): Promise<void>;
}

interface WatchOptions<T> {
  readonly url: string | (() => string);
  readonly token: string | (() => string);
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** Picks the item of one result, and its cursor for resuming. */
  readonly pick: (data: Record<string, unknown>) => { readonly item: T; readonly cursor: string };
}

/** A real graphql-ws client that resumes by cursor for as long as the test runs. */
export function watch<T>(options: WatchOptions<T>): Watch<T> {
  const items: T[] = [];
  const variables: Record<string, unknown> = { ...options.variables };
  const now = (value: string | (() => string)): string =>
    typeof value === "string" ? value : value();
  let socket: WebSocket | null = null;
  let isClosed = false;
  const client: Client = createClient({
    webSocketImpl: WebSocket,
    url: () => now(options.url),
    connectionParams: () => ({ authorization: `Bearer ${now(options.token)}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
    shouldRetry: () => !isClosed,
    on: { opened: (opened) => (socket = opened as WebSocket) },
  });
  const close = async (): Promise<void> => {
    isClosed = true;
    // Rejects while it is connecting to a server that is gone, which is no matter any more.
    await Promise.resolve(client.dispose()).catch(() => undefined);
  };
  onTestFinished(close);
  client.subscribe(
    { query: options.query, variables },
    {
      next: (result) => {
        if (result.errors) throw new Error(JSON.stringify(result.errors));
        const { item, cursor } = options.pick(result.data ?? {});
        variables["after"] = cursor;
        items.push(item);
      },
      error: (error) => {
        if (!isClosed) throw new Error(`the subscription failed: ${JSON.stringify(error)}`);
      },
      complete: () => undefined,
    },
  );
  return { items, cut: () => socket?.terminate(), close };
}
