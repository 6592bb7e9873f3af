import { currentToken } from "../auth/session.ts";
import type { Document } from "./document.ts";
import { startPulse, type FeedPulse } from "./freshness.ts";
import { onCut, socket } from "./socket.ts";

const RESTART_MS = 1_000;

/** What every item of a feed has, if it has a cursor at all. */
interface Item {
  readonly __typename?: string;
  readonly cursor?: string;
  readonly event?: { readonly at?: string };
}

export interface FeedOptions<Result, Variables> {
  readonly document: Document<Result, Variables>;
  readonly variables: Variables;
  /** Gets what came since the last frame, in order, without beats. */
  readonly onItems: (items: readonly Result[]) => void;
  /** Everything that was read before is to be read again; the feed goes on by itself. */
  readonly onReset?: () => void;
  /** The first time that nothing is missing, and after each interruption. */
  readonly onCaughtUp?: () => void;
}

/**
 * Follows a subscription until it is closed: over cuts, restarts of the gateway and new tokens it
 * goes on at its cursor, so that nothing is missed and nothing comes twice.
 */
export function openFeed<Result, Variables extends object>(
  options: FeedOptions<Result, Variables>,
): () => void {
  // graphql-ws sends this same object again after a cut: the cursor in it makes it resume.
  const variables = { ...options.variables } as Record<string, unknown>;
  const pulse = startPulse();
  const batch = batchPerFrame(options.onItems);
  let isBehind = true;
  const stopCuts = onCut(() => {
    isBehind = true;
    pulse.cut();
  });
  let isOpen = true;
  let end: () => void = () => undefined;

  const take = (result: Result): void => {
    const item = Object.values(result as object)[0] as Item;
    if (item.cursor !== undefined) variables["after"] = item.cursor;
    if (item.__typename === "CaughtUp") {
      pulse.caughtUp();
      batch.flush();
      // The beat of a quiet feed says the same again and again.
      if (isBehind) options.onCaughtUp?.();
      isBehind = false;
    } else if (item.__typename === "Reset") {
      pulse.connected();
      options.onReset?.();
    } else {
      tell(pulse, item);
      batch.add(result);
    }
  };

  const follow = async (): Promise<void> => {
    while (isOpen) {
      await currentToken();
      await new Promise<void>((resolve) => {
        end = socket.subscribe<Result>(
          { query: options.document, variables },
          {
            next: ({ data }) => {
              if (data !== null && data !== undefined) take(data);
            },
            error: () => resolve(),
            complete: () => resolve(),
          },
        );
      });
      pulse.cut();
      await new Promise((resolve) => window.setTimeout(resolve, RESTART_MS));
    }
  };

  void follow();
  return () => {
    isOpen = false;
    end();
    stopCuts();
    pulse.end();
    batch.close();
  };
}

/** An item without a cursor is whole: with it nothing is missing. */
function tell(pulse: FeedPulse, { cursor, event }: Item): void {
  if (cursor === undefined) pulse.caughtUp();
  else pulse.event(event?.at ?? null);
}

/** Hands over once a frame what came meanwhile; a hidden page has no frames and takes a timer. */
function batchPerFrame<T>(onItems: (items: readonly T[]) => void) {
  let waiting: T[] = [];
  let frame: number | null = null;
  let timer: number | undefined;
  const flush = (): void => {
    if (frame !== null) cancelAnimationFrame(frame);
    window.clearTimeout(timer);
    frame = null;
    timer = undefined;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    onItems(items);
  };
  return {
    flush,
    add(item: T) {
      waiting.push(item);
      if (waiting.length > 1) return;
      frame = requestAnimationFrame(flush);
      timer = window.setTimeout(flush, 250);
    },
    close() {
      waiting = [];
      flush();
    },
  };
}
