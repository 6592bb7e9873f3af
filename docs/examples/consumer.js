// A durable consumer of Statecart's events: `node docs/examples/consumer.js`.
//
// It can be killed at any moment and goes on where it was. JetStream delivers each event at least
// once; its work is written down together with the version it was done for, so that a repeat is
// recognised and does nothing.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { AckPolicy, connect, DeliverPolicy, nanos } from "nats";

const {
  NATS_URL = "nats://127.0.0.1:4222",
  CONSUMER = "mailer",
  SUBJECT = "evt.order.*.*.OrderCreated",
  // Only read when the consumer is made: an ISO time to replay from, instead of the beginning.
  FROM,
  STATE = "mailer.json",
  // What the server allows this user to listen on (deploy/nats.conf).
  INBOX_PREFIX,
} = process.env;

const { protocol, host, username, password } = new URL(NATS_URL);
const connection = await connect({
  servers: host,
  ...(protocol === "tls:" ? { tls: {} } : {}),
  ...(username === "" ? {} : { user: username, pass: password }),
  ...(INBOX_PREFIX ? { inboxPrefix: INBOX_PREFIX } : {}),
  maxReconnectAttempts: -1,
});
const jetstream = connection.jetstream();
const consumer = await findOrMake();

/** The letters by order. A real shop writes them and the versions in one transaction. */
const letters = readState();

for await (const message of await consumer.consume({ max_messages: 100 })) {
  const event = message.json();
  const [orderId, version] = event.id.split("/");
  if (Number(version) > (letters[orderId]?.version ?? 0)) {
    const text = `Thank you for order ${event.data.orderNumber}`;
    letters[orderId] = { version: Number(version), text };
    writeState(letters);
    console.log(`${event.id}: ${text}`);
  }
  // Only now, so that whoever dies before this gets the event again.
  message.ack();
}

async function findOrMake() {
  try {
    return await jetstream.consumers.get("EVT", CONSUMER);
  } catch (error) {
    if (error.api_error?.err_code !== 10014) throw error;
  }
  const manager = await connection.jetstreamManager();
  await manager.consumers.add("EVT", {
    durable_name: CONSUMER,
    filter_subject: SUBJECT,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(30_000),
    max_ack_pending: 1_000,
    ...(FROM
      ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(FROM).toISOString() }
      : { deliver_policy: DeliverPolicy.All }),
  });
  return jetstream.consumers.get("EVT", CONSUMER);
}

function readState() {
  try {
    return JSON.parse(readFileSync(STATE, "utf8"));
  } catch {
    return {};
  }
}

/** Whole or not at all, whenever the process dies. */
function writeState(state) {
  writeFileSync(`${STATE}.new`, JSON.stringify(state));
  renameSync(`${STATE}.new`, STATE);
}
