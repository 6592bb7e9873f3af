import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { UsedTickets } from "../../log/index.ts";
import { InspectionRefusal } from "./refusal.ts";

const LIFETIME_MS = 60_000;
const TICKET_LENGTH_MAX = 1_024;

/** Short names, because it stands in a URL; moments in ms since the epoch. */
const contentSchema = z.strictObject({
  /** Which ticket it is. */
  i: z.string().min(1),
  /** The stream it opens. */
  s: z.string(),
  /** Until when it can be used. */
  e: z.int(),
  /** Until when the feed it opens may go on: the end of the token it was made with. */
  u: z.int(),
});

/** A ticket as its maker gets it. */
export interface IssuedTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
}

/** Single-use tickets that open one stream, for clients that can send nothing but a URL. */
export interface InspectionTickets {
  /** A ticket for a stream; what it opens ends at a moment (ms since the epoch). */
  issue(stream: string, until: number): IssuedTicket;
  /**
   * Uses a ticket up and resolves with the moment at which its feed has to end. Throws an
   * `InspectionRefusal`, and `STORE_UNAVAILABLE` while it cannot be known whether it was used.
   */
  enter(ticket: string | null, stream: string): Promise<number>;
}

interface TicketsOptions {
  /** The same in every process, so that each takes the others' tickets. */
  readonly secret: string;
  readonly used: UsedTickets;
  /** 60 s unless given. */
  readonly lifetimeMs?: number | undefined;
}

/** Makes and takes tickets: signed, so that only a good one costs a look into the database. */
export function createTickets(options: TicketsOptions): InspectionTickets {
  const { used, lifetimeMs = LIFETIME_MS } = options;
  const key = createHmac("sha256", options.secret).update("inspection tickets").digest();
  const sign = (body: string): Buffer => createHmac("sha256", key).update(body).digest();

  const read = (ticket: string): z.infer<typeof contentSchema> => {
    const [body = "", signature = "", ...rest] = ticket.split(".");
    const given = Buffer.from(signature, "base64url");
    const right = sign(body);
    const isOurs = given.length === right.length && timingSafeEqual(given, right);
    if (!isOurs || rest.length > 0) throw refused("The ticket is not one of ours.");
    return contentSchema.parse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  };

  return {
    issue(stream, until) {
      const expiresAt = Math.min(Date.now() + lifetimeMs, until);
      const content = { i: randomBytes(16).toString("base64url"), s: stream, e: expiresAt };
      const body = Buffer.from(JSON.stringify({ ...content, u: until })).toString("base64url");
      const ticket = `${body}.${sign(body).toString("base64url")}`;
      return { ticket, expiresAt: new Date(expiresAt) };
    },
    async enter(ticket, stream) {
      if (ticket === null || ticket === "") throw refused("A ticket is required.");
      if (ticket.length > TICKET_LENGTH_MAX) throw refused("The ticket is not one of ours.");
      const { i: id, s: opens, e: expiresAt, u: until } = read(ticket);
      if (expiresAt <= Date.now()) throw refused("The ticket has expired.");
      // Before it is used up: who mixed two tickets up can still use both.
      if (opens !== stream) {
        throw new InspectionRefusal("FORBIDDEN", "The ticket is for another stream.");
      }
      if (!(await used.use(id, new Date(expiresAt)))) throw refused("The ticket was used before.");
      return until;
    },
  };
}

function refused(message: string): InspectionRefusal {
  return new InspectionRefusal("TICKET_REFUSED", message);
}
