import type { NatsConnection } from "nats";

const SUBJECT = "notice.erased";

/** Word of erased customers between the processes; what is lost is lost. */
export interface ErasureNotices {
  tell(customer: string): void;
  /** Calls back for every customer that any process tells of, until the returned function is. */
  listen(told: (customer: string) => void): () => void;
}

/** Notices over core NATS. Nothing throws: without NATS nobody is told. */
export function createErasureNotices(nats: NatsConnection): ErasureNotices {
  return {
    tell(customer) {
      try {
        nats.publish(SUBJECT, new TextEncoder().encode(customer));
      } catch {
        // The connection is closed for good: this process is ending.
      }
    },
    listen(told) {
      const subscription = nats.subscribe(SUBJECT, {
        callback(error, message) {
          if (error === null) told(message.string());
        },
      });
      return () => subscription.unsubscribe();
    },
  };
}
