import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors.ts";

/** The largest request body. */
const BODY_BYTES_MAX = 32_768;

/** Reads a body within the bound. Throws `LIMIT_EXCEEDED` for a larger one, read or announced. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > BODY_BYTES_MAX) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads one GraphQL request; throws `BAD_REQUEST` for a batch as well. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const body = (await readBytes(request)).toString("utf8");
  // graphql-http would take an array for an object without a query.
  if (body.trimStart().startsWith("[")) {
    throw new GatewayError("BAD_REQUEST", "Batches are not taken: send one operation a request.");
  }
  return body;
}

function tooLarge(): GatewayError {
  return new GatewayError("LIMIT_EXCEEDED", "The request body is larger than 32 KB.");
}
