import type { Follower, UsedTickets } from "../../log/index.ts";
import type { SocketServer } from "../live/socket-group.ts";
import type { InspectionDesk } from "./desk.ts";
import { createInspectionSockets } from "./inspection-sockets.ts";
import type { InspectionSocketsOptions } from "./inspection-sockets.ts";
import { INSPECT_PATH, VIEWER_PATH } from "./stately-page.ts";
import { targetOf } from "./target.ts";
import { createTickets } from "./tickets.ts";

/** What the inspection feed is read from, and how far it is open. */
export interface InspectionParts {
  readonly follower: Follower;
  readonly usedTickets: UsedTickets;
  /** Serves the page that shows a feed in Stately's hosted viewer. */
  readonly hasViewer: boolean;
  /** For how long a ticket is good; 60 s unless given. */
  readonly ticketLifetimeMs?: number;
}

type InspectionOptions = Omit<InspectionSocketsOptions, "tickets" | "follower"> & {
  readonly parts: InspectionParts;
  readonly secret: string;
};

/** Makes the desk and the sockets, which know each other's tickets. */
export function createInspection({ parts, secret, ...options }: InspectionOptions): {
  readonly desk: InspectionDesk;
  readonly sockets: SocketServer;
} {
  const { follower, usedTickets: used, hasViewer, ticketLifetimeMs: lifetimeMs } = parts;
  const tickets = createTickets({ secret, used, lifetimeMs });
  return {
    sockets: createInspectionSockets({ ...options, follower, tickets }),
    desk: {
      admit(stream, until) {
        const target = targetOf(stream);
        if (target === null) return null;
        const { ticket, expiresAt } = tickets.issue(target.name, until);
        const entry = new URLSearchParams({ stream: target.name, ticket }).toString();
        return {
          ticket,
          expiresAt: expiresAt.toISOString(),
          path: `${INSPECT_PATH}?${entry}`,
          viewerPath: hasViewer ? `${VIEWER_PATH}#${entry}` : null,
        };
      },
    },
  };
}
