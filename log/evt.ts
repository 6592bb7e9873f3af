/** The JetStream stream of all events, with subjects `evt.<context>.<pp>.<entityId>.<Type>`. */
export const EVT_STREAM = "EVT";

/** One event as it left the relay: structured CloudEvents JSON, with the event id as its `id`. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  /** `/statecart/<context>`. */
  readonly source: string;
  /** `statecart.<context>.<Type>.v<schemaVersion>`. */
  readonly type: string;
  /** The entity id. */
  readonly subject: string;
  /** Business time. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** Extension: the entity's version as a decimal string. */
  readonly sequence: string;
  readonly traceparent?: string;
  readonly correlationid: string;
  readonly causationid: string;
  /** Extension: command id of the commit. */
  readonly commandid: string;
  readonly data: object;
}

/** A message of `EVT`: `sequence` and `storedAt` (ms) are JetStream's own. */
export interface EvtMessage {
  readonly sequence: number;
  readonly storedAt: number;
  readonly event: CloudEvent;
}

/** What the stream holds now; `created` (ms) tells one stream from a later one of the same name. */
export interface EvtInfo {
  readonly created: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** The read side of `EVT`, for feeds. Throws a typed `EVT_UNAVAILABLE` while NATS is away. */
export interface EvtReader {
  info(): Promise<EvtInfo>;
  /** The message at a sequence, or null when the stream does not hold it. */
  message(sequence: number): Promise<EvtMessage | null>;
  /**
   * Messages after a sequence, in order, then live. Ends with an `EVT_INTERRUPTED` error on any
   * disconnect, gap or recreation of the stream, so that the caller checks its position and calls
   * again; with `created` (of the `info` that the position was checked on) also when the stream was
   * replaced between that check and this call. Ends without an error when the signal aborts.
   */
  follow(
    afterSequence: number,
    options: { readonly signal: AbortSignal; readonly created?: number },
  ): AsyncIterable<EvtMessage>;
}
