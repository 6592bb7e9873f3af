/**
 * Why a socket of the inspection feed is closed by us: by a code of its own that a client can act
 * on, since a browser tells a page nothing of a refused upgrade.
 */
export const inspectionCodes = {
  /** `stream` names nothing that could be inspected. */
  STREAM_INVALID: 4400,
  /** No ticket, one that is not ours, too late or used: get another. */
  TICKET_REFUSED: 4401,
  /** The ticket is for another stream, or the token it was made with has expired meanwhile. */
  FORBIDDEN: 4403,
  /** There is no such order or product. */
  NOT_FOUND: 4404,
  /** There are too many orders and products to inspect all of them at once. */
  TOO_MUCH: 4413,
  /** RFC 6455: the feed does not listen. */
  NOT_LISTENING: 1008,
  /** RFC 6455: what is stored cannot be folded; a person must look. */
  FAULT: 1011,
  /** RFC 6455 registry: the database is away, or too many look; come with another ticket later. */
  TRY_AGAIN: 1013,
} as const;

export type InspectionCode = keyof typeof inspectionCodes;

/** Ends a feed; its message is shown to the client. */
export class InspectionRefusal extends Error {
  readonly code: InspectionCode;

  constructor(code: InspectionCode, message: string) {
    super(message);
    this.name = "InspectionRefusal";
    this.code = code;
  }
}
