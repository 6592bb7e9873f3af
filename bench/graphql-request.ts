import { Agent, request } from "node:http";

/** One mutation over one kept-alive connection; no fetch, whose own cost would be measured too. */
export interface GraphqlClient {
  /** Resolves with `data`; throws what the server says is wrong. */
  send(query: string, variables: object): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string }[];
}

export function createGraphqlClient(url: string, token: string): GraphqlClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    async send(query, variables) {
      const body = await post({ url, token, agent }, JSON.stringify({ query, variables }));
      const answer = JSON.parse(body) as Answer;
      const fault = answer.errors?.[0]?.message;
      const data = answer.data ?? undefined;
      if (fault !== undefined || data === undefined) throw new Error(fault ?? "no data");
      return data;
    },
    close: () => {
      agent.destroy();
    },
  };
}

interface Target {
  readonly url: string;
  readonly token: string;
  readonly agent: Agent;
}

function post({ url, token, agent }: Target, body: string): Promise<string> {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    accept: "application/json",
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve(Buffer.concat(chunks).toString("utf8"));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The mutation of every question that goes through GraphQL. */
const adjustStock = `mutation AdjustStock($input: AdjustStockInput!) {
  adjustStock(input: $input) {
    version
    errors { code message }
  }
}`;

interface Payload {
  readonly version: number | null;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** Sends one adjustment and resolves with the product's version; throws unless it is accepted. */
export async function adjust(
  client: GraphqlClient,
  input: { readonly productId: string; readonly idempotencyKey: string },
): Promise<number> {
  const data = await client.send(adjustStock, { input: { ...input, delta: 1, reason: "bench" } });
  const payload = data["adjustStock"] as Payload;
  const error = payload.errors[0];
  if (error !== undefined || payload.version === null) {
    throw new Error(`not accepted: ${error?.code ?? ""} ${error?.message ?? "no version"}`);
  }
  return payload.version;
}
