/** A ticket, and where to go with it. */
export interface InspectionPass {
  readonly ticket: string;
  readonly expiresAt: string;
  /** Path and query of the feed. */
  readonly path: string;
  /** Path and fragment of the viewer's page; null where it is not served. */
  readonly viewerPath: string | null;
}

/** Who lets operators into the feed. */
export interface InspectionDesk {
  /**
   * A pass for `order:<id>`, `product:<id>` or `*`, null for anything else; what it opens ends at
   * a moment (ms since the epoch).
   */
  admit(stream: string, until: number): InspectionPass | null;
}
