import { headers } from "nats";
import type { MsgHdrs } from "nats";
import type { Commit } from "./commit.ts";
import { eventSubject, toCloudEvent } from "./cloud-event.ts";
import type { Position } from "./tail.ts";

const MESSAGE_ID = "Nats-Msg-Id";
const TOKEN = "Statecart-Token";
const TIME = "Statecart-Time";

/** An event ready to be published; `position` is null during a repair. */
export interface OutgoingEvent {
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly subject: string;
  readonly body: string;
  readonly position: Position | null;
}

/** What a stored message says about itself, besides the event. */
export interface MessageMark {
  readonly messageId: string;
  readonly stream: string;
  readonly version: number;
  readonly position: Position | null;
}

/**
 * The events of a commit, each with the position to go on from once it is in the stream: the last
 * one the commit's own, those before it the position before the commit, so that a death between
 * two of them does not lose the second.
 */
export function outgoingEvents(
  commit: Commit,
  before: Position | null,
  own: Position | null,
): readonly OutgoingEvent[] {
  return commit.events.map((event, index) => {
    const cloudEvent = toCloudEvent(commit, index);
    return {
      id: cloudEvent.id,
      stream: commit.stream,
      version: commit.version + index,
      subject: eventSubject(commit, event.type),
      body: JSON.stringify(cloudEvent),
      position: index === commit.events.length - 1 ? own : before,
    };
  });
}

/** The headers of an event under a message id; only a position with a token is written. */
export function messageHeaders(event: OutgoingEvent, messageId: string): MsgHdrs {
  const values = headers();
  values.set(MESSAGE_ID, messageId);
  values.set("Content-Type", "application/cloudevents+json");
  if (event.position !== null && event.position.token !== null) {
    values.set(TOKEN, event.position.token);
    values.set(TIME, String(event.position.time));
  }
  return values;
}

/** Unique per attachment of a relay, so that no repeat is ever taken for a duplicate. */
export function messageIdOf(eventId: string, attachment: string): string {
  return `${eventId}@${attachment}`;
}

/** Reads a stored message's mark, or null when no relay wrote it. */
export function readMark(values: MsgHdrs): MessageMark | null {
  const messageId = values.get(MESSAGE_ID);
  const match = /^(?<stream>[^/@]+)\/(?<version>\d+)@/.exec(messageId);
  if (match?.groups === undefined) return null;
  const { stream = "", version = "" } = match.groups;
  const token = values.get(TOKEN);
  const time = Number(values.get(TIME));
  const hasPosition = token !== "" && Number.isSafeInteger(time);
  return {
    messageId,
    stream,
    version: Number(version),
    position: hasPosition ? { token, time } : null,
  };
}
