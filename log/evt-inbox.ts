import type { Msg } from "nats";
import type { CloudEvent, EvtMessage } from "./evt.ts";
import { JetstreamError } from "./jetstream-error.ts";

/** The server's flow control stops it long before; past this the reader starts over. */
const INBOX_SIZE_MAX = 65_536;
const decoder = new TextDecoder();

/** What a push consumer has delivered and the reader has not taken yet. */
export interface EvtInbox {
  /** Takes a delivery in, or fails the inbox when something before it is missing. */
  put(delivery: Msg): void;
  /** Ends the reading after what is there: with an error, or quietly without. */
  end(error?: JetstreamError): void;
  /** The messages in order; what cannot be a CloudEvent is passed over. */
  read(): AsyncGenerator<EvtMessage, void, void>;
}

/**
 * An inbox whose first message must follow `afterSequence`, and every other the one before;
 * `goOn` publishes to the subject on which the server waits for the reader.
 */
export function createEvtInbox(afterSequence: number, goOn: (subject: string) => void): EvtInbox {
  const queue: Msg[] = [];
  let sequence = afterSequence;
  let deliveries = 0;
  let ended: { readonly error: JetstreamError | undefined } | null = null;
  let wake: (() => void) | null = null;

  const end = (error?: JetstreamError) => {
    ended ??= { error };
    wake?.();
  };

  return {
    end,
    put(delivery) {
      if (ended !== null) return;
      if (isControl(delivery)) {
        const lastDelivery = delivery.headers?.get("Nats-Last-Consumer") ?? "";
        if (lastDelivery !== "" && Number(lastDelivery) !== deliveries) {
          end(interrupted(`delivery ${lastDelivery} of the consumer did not arrive`));
        } else if (flowSubject(delivery) !== "") queue.push(delivery);
      } else {
        const info = deliveryInfo(delivery);
        deliveries += 1;
        sequence += 1;
        if (info?.delivery !== deliveries || info.sequence !== sequence) {
          end(interrupted(`expected message ${sequence}, got ${info?.sequence ?? "none"}`));
        } else queue.push(delivery);
      }
      if (queue.length > INBOX_SIZE_MAX) end(interrupted("the reader is too slow"));
      wake?.();
    },
    async *read() {
      for (;;) {
        const taken = queue.splice(0);
        for (const delivery of taken) {
          // Answered in its turn, so that the server sends no more than the reader takes.
          if (isControl(delivery)) goOn(flowSubject(delivery));
          else yield* decode(delivery);
        }
        if (queue.length > 0) continue;
        if (ended !== null) {
          if (ended.error !== undefined) throw ended.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
    },
  };
}

/** The event in a stored message's bytes, or null when they cannot be a CloudEvent. */
export function decodeEvent(data: Uint8Array): CloudEvent | null {
  try {
    const value: unknown = JSON.parse(decoder.decode(data));
    const isEvent = typeof value === "object" && value !== null && "specversion" in value;
    return isEvent ? (value as CloudEvent) : null;
  } catch {
    return null;
  }
}

/** Why a reading ended before its time: check the position and call again. */
export function interrupted(why: string): JetstreamError {
  return new JetstreamError("EVT_INTERRUPTED", `Reading EVT was interrupted: ${why}.`);
}

function* decode(delivery: Msg): Generator<EvtMessage> {
  const info = deliveryInfo(delivery);
  const event = decodeEvent(delivery.data);
  if (info !== null && event !== null) {
    yield { sequence: info.sequence, storedAt: info.storedAt, event };
  }
}

function isControl(delivery: Msg): boolean {
  const code = delivery.headers?.code ?? 0;
  return delivery.data.length === 0 && code >= 100 && code < 200;
}

/** Where the server waits for us to go on: a flow request's reply, or what a heartbeat names. */
function flowSubject(delivery: Msg): string {
  const { reply = "" } = delivery;
  return reply !== "" ? reply : (delivery.headers?.get("Nats-Consumer-Stalled") ?? "");
}

/**
 * `$JS.ACK[.<domain>.<account>].<stream>.<consumer>.<deliveries>.<sequence>.<delivery>.<time>...`;
 * the client's own reading rounds the nanoseconds, so that milliseconds could differ by one.
 */
function deliveryInfo(
  delivery: Msg,
): { sequence: number; delivery: number; storedAt: number } | null {
  const tokens = (delivery.reply ?? "").split(".");
  if (tokens[0] !== "$JS" || tokens[1] !== "ACK" || tokens.length < 9) return null;
  const start = tokens.length === 9 ? 5 : 7;
  const [sequence = "", consumed = "", nanoseconds = ""] = tokens.slice(start);
  if (!/^\d+$/.test(nanoseconds)) return null;
  return {
    sequence: Number(sequence),
    delivery: Number(consumed),
    storedAt: Number(BigInt(nanoseconds) / 1_000_000n),
  };
}
