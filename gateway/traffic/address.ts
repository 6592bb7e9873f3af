import { isIPv6 } from "node:net";
import type { IncomingMessage } from "node:http";

const GROUPS = 8;
/** Whoever has one address of an IPv6 network has all of its 64 lower bits. */
const NETWORK_GROUPS = 4;

/**
 * Where a request comes from. Behind proxies of ours it is the entry of `X-Forwarded-For` that the
 * outermost of them wrote; whatever stands before it may be invented. An IPv6 address counts as its
 * /64 network.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? "unknown";
  const header = request.headers["x-forwarded-for"];
  if (trustedProxies === 0 || header === undefined) return networkOf(direct);
  const hops = String(header)
    .split(",")
    .map((hop) => hop.trim());
  return networkOf(hops.at(-trustedProxies) ?? hops[0] ?? direct);
}

function networkOf(address: string): string {
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  if (!isIPv6(plain)) return plain.slice(0, 64);
  const [before = "", after] = plain.split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const gap = after === undefined ? 0 : Math.max(GROUPS - head.length - tail.length, 0);
  const groups = [...head, ...Array.from({ length: gap }, () => "0"), ...tail];
  return groups.slice(0, NETWORK_GROUPS).join(":");
}
