import { randomUUID } from "node:crypto";
import type { JetStreamClient, MsgHdrs, NatsConnection, PubAck } from "nats";
import { messageHeaders, messageIdOf } from "./evt-message.ts";
import type { OutgoingEvent } from "./evt-message.ts";
import { EVT_STREAM } from "./evt.ts";
import { JetstreamError } from "./jetstream-error.ts";
import { untilAborted } from "./until-aborted.ts";

const BATCH_SIZE_MAX = 100;
const ACK_TIMEOUT_MS = 3_000;

/** Where the stream ends: the last sequence and the id of the message there ("" = no message). */
export interface StreamEnd {
  readonly sequence: number;
  readonly messageId: string;
}

/** Messages that hang on one another, so that whatever goes wrong leaves a clean prefix. */
export interface Chain {
  /** The end of what is proved to be stored. */
  readonly end: StreamEnd;
  /**
   * Stores the events after the end, in order, none left out. Throws RELAY_INTERRUPTED when that
   * is not proved: a prefix may be stored, and the chain is of no more use.
   */
  publish(events: readonly OutgoingEvent[]): Promise<void>;
}

/**
 * Starts a chain at the end that was read: its first message is refused unless the stream still
 * ends there, every other unless its predecessor is the last message. So of two relays one stops.
 */
export function createChain(
  nats: NatsConnection,
  end: StreamEnd,
  options: { readonly signal: AbortSignal; readonly onStored: (count: number) => void },
): Chain {
  const jetstream = nats.jetstream({ timeout: ACK_TIMEOUT_MS });
  // An id that was used before would be acknowledged as a duplicate and leave a hole in the chain.
  const attachment = randomUUID();
  const link: Link = { attachment, isFirst: true, ...end };
  let isBroken = false;

  return {
    get end() {
      return { sequence: link.sequence, messageId: link.messageId };
    },
    async publish(events) {
      if (isBroken) throw new JetstreamError("RELAY_INTERRUPTED", "The chain is broken.");
      try {
        for (let from = 0; from < events.length; from += BATCH_SIZE_MAX) {
          options.signal.throwIfAborted();
          const batch = events.slice(from, from + BATCH_SIZE_MAX);
          const acknowledged = sendBatch(nats, jetstream, { batch, link });
          checkAck(await untilAborted(acknowledged, options.signal), link, batch.length);
          link.sequence += batch.length;
          options.onStored(batch.length);
        }
      } catch (error) {
        isBroken = true;
        if (error instanceof JetstreamError) throw error;
        const message = error instanceof Error ? error.message : String(error);
        throw new JetstreamError("RELAY_INTERRUPTED", `A batch is not proved: ${message}`, error);
      }
    },
  };
}

interface Link {
  readonly attachment: string;
  isFirst: boolean;
  /** Of the last batch that was acknowledged. */
  sequence: number;
  /** Of the last message that was sent. */
  messageId: string;
}

/** Sends all but the last without asking; the last one's ack implies the others. */
async function sendBatch(
  nats: NatsConnection,
  jetstream: JetStreamClient,
  { batch, link }: { batch: readonly OutgoingEvent[]; link: Link },
): Promise<PubAck> {
  const last = batch.at(-1);
  if (last === undefined) throw new RangeError("a batch has at least one event");
  for (const event of batch.slice(0, -1)) {
    nats.publish(event.subject, event.body, { headers: nextHeaders(event, link) });
  }
  return jetstream.publish(last.subject, last.body, { headers: nextHeaders(last, link) });
}

function nextHeaders(event: OutgoingEvent, link: Link): MsgHdrs {
  const messageId = messageIdOf(event.id, link.attachment);
  const headers = messageHeaders(event, messageId);
  // The chain's first link is the sequence: a restarted server refuses even the right last id
  // when its duplicate window has passed (2.9.10), as does an emptied stream (2.15.2).
  if (link.isFirst) headers.set("Nats-Expected-Last-Sequence", String(link.sequence));
  else headers.set("Nats-Expected-Last-Msg-Id", link.messageId);
  link.isFirst = false;
  link.messageId = messageId;
  return headers;
}

/** A duplicate's ack says nothing about the others; only the sequence proves them all. */
function checkAck(ack: PubAck, link: Link, size: number): void {
  if (ack.stream === EVT_STREAM && !ack.duplicate && ack.seq === link.sequence + size) return;
  throw new JetstreamError(
    "RELAY_INTERRUPTED",
    `Expected ${EVT_STREAM} to end at ${link.sequence + size}, got ${ack.stream} ${ack.seq}.`,
  );
}
