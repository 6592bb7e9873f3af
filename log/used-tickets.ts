import type { Db } from "mongodb";
import { isDuplicateKey, unavailable } from "./mongo-errors.ts";

/** Long after a ticket has run out by anybody's clock, its use may be forgotten. */
const KEPT_AFTER_EXPIRY_S = 3_600;

/** Which single-use tickets were used, known to every process. */
export interface UsedTickets {
  /**
   * Uses a ticket up, durably; false when it was used before. Throws `STORE_UNAVAILABLE`: then
   * the ticket may be used up or not.
   */
  use(id: string, expiresAt: Date): Promise<boolean>;
}

interface TicketDocument {
  readonly _id: string;
  readonly expiresAt: Date;
}

/** Used tickets in the collection `used_tickets`. */
export function createUsedTickets(db: Db): UsedTickets {
  const tickets = db.collection<TicketDocument>("used_tickets");
  let isPrepared = false;
  return {
    async use(_id, expiresAt) {
      try {
        if (!isPrepared) {
          await tickets.createIndexes([
            { key: { expiresAt: 1 }, expireAfterSeconds: KEPT_AFTER_EXPIRY_S },
          ]);
        }
        isPrepared = true;
        await tickets.insertOne({ _id, expiresAt }, { writeConcern: { w: "majority" } });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw unavailable(error);
      }
    },
  };
}
