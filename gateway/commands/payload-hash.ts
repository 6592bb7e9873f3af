import { createHmac } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";

/** What makes two commands the same: the client's own words, nothing that the gateway adds. */
interface Payload {
  readonly command: string;
  /** The entity the client named; null for a creation. */
  readonly entityId: string | null;
  /** The parsed input, so that spelling (a lower-case SKU, blanks around) makes no difference. */
  readonly input: object;
}

/** The hash by which a repeat is recognised; keyed, because the input may be personal. */
export function payloadHash(key: string, payload: Payload): string {
  return createHmac("sha256", key).update(canonicalJson(payload)).digest("base64url");
}
