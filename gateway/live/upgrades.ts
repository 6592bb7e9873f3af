import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { OriginPolicy } from "../http/origin.ts";
import { pathOf } from "../http/router.ts";
import { refuse } from "./socket-group.ts";
import type { SocketServer } from "./socket-group.ts";

interface UpgradesOptions {
  readonly origins: OriginPolicy;
  /** Who takes the upgrades of which path. */
  readonly doors: ReadonlyMap<string, SocketServer>;
}

/**
 * Every way into the gateway by WebSocket as one. Refuses with 404 what leads nowhere, with 403
 * what comes from another origin, and with 503 everything once `leave` was called.
 */
export function createUpgrades({ origins, doors }: UpgradesOptions): SocketServer {
  const all = [...doors.values()];
  let isClosing = false;
  return {
    accept(request: IncomingMessage, stream: Duplex, head: Buffer) {
      const door = doors.get(pathOf(request));
      if (isClosing) refuse(stream, "503 Service Unavailable");
      else if (door === undefined) refuse(stream, "404 Not Found");
      else if (!origins.allows(request)) refuse(stream, "403 Forbidden");
      else door.accept(request, stream, head);
    },
    async leave(withinMs) {
      isClosing = true;
      await Promise.all(all.map((door) => door.leave(withinMs)));
    },
    counts() {
      const counts = all.map((door) => door.counts());
      const sum = (of: (one: (typeof counts)[number]) => number): number =>
        counts.reduce((total, one) => total + of(one), 0);
      const cut = {
        slow: sum((one) => one.cut.slow),
        silent: sum((one) => one.cut.silent),
        memory: sum((one) => one.cut.memory),
      };
      return { open: sum((one) => one.open), cut };
    },
    async close(withinMs) {
      await Promise.all(all.map((door) => door.close(withinMs)));
    },
  };
}
