import { connect, DeliverPolicy } from "nats";
import type { Running } from "./running.ts";

interface WatchOptions {
  readonly locate: () => Promise<Running>;
  readonly print: (line: string) => void;
}

/** Prints every message of the JetStream stream `EVT` from now on, as a NATS subscriber sees it. */
export async function watchEvents({ locate, print }: WatchOptions): Promise<void> {
  const connection = await connect({
    servers: (await locate()).nats,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    name: "statecart watch",
  });
  const consumer = await connection
    .jetstream()
    .consumers.get("EVT", { deliver_policy: DeliverPolicy.New });
  print("-- connected, watching EVT");
  for await (const message of await consumer.consume()) {
    print(`${message.seq}  ${message.subject}\n    ${message.string()}`);
  }
}
