import type { FeedItem, StatisticsItem } from "../../projections/index.ts";

/** What a hub keeps of the past, so that a reader that catches up can be handed over. */
const RECENT_ITEMS_MAX = 256;

/** What subscriptions send; the system's state can be told apart and not resumed. */
export type LiveItem =
  FeedItem | StatisticsItem | { readonly kind: "system"; readonly cursor: string };

/** One feed item as the bytes that every reader of the hub gets. */
export interface LivePayload {
  readonly item: LiveItem;
  readonly body: string;
}

/** A reader of a hub. Until it is joined it reads on its own and the hub sends it nothing. */
export interface HubMember {
  /** The cursor after which it goes on; null while it has caught up with nothing. */
  place(): string | null;
  /** The hub has it from here: what it reads on its own is not to be sent any more. */
  joined(): void;
  deliver(payload: LivePayload): void;
  /** The shared execution broke; the reader has to come again and resume. */
  broken(): void;
}

/** One shared execution of a subscription for all readers to whom it looks the same. */
export interface Hub {
  add(member: HubMember): void;
  /** Takes the member over if it stands where the hub has been; else it is taken over later. */
  tryJoin(member: HubMember): boolean;
  remove(member: HubMember): void;
}

interface HubOptions {
  /** Starts the shared execution. */
  readonly start: (signal: AbortSignal) => AsyncIterable<LivePayload>;
  /** The last member is gone, or the execution ended: nobody may be added any more. */
  readonly onEnd: () => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * Runs the execution while it has members. A member that reads the past on its own is handed over
 * where its place is one that the hub remembers or reaches: everything after that place comes from
 * the hub and nothing before it, so there is neither gap nor repetition. Cursors are compared for
 * equality only.
 */
export function createHub({ start, onEnd, onFault }: HubOptions): Hub {
  const alone = new Set<HubMember>();
  const joined = new Set<HubMember>();
  const recent: LivePayload[] = [];
  const ended = new AbortController();

  const end = (): void => {
    if (ended.signal.aborted) return;
    ended.abort();
    onEnd();
  };

  const publish = (payload: LivePayload): void => {
    recent.push(payload);
    if (recent.length > RECENT_ITEMS_MAX) recent.shift();
    for (const member of joined) member.deliver(payload);
    for (const member of alone) {
      if (member.place() === payload.item.cursor) takeOver(member);
    }
  };

  const takeOver = (member: HubMember): void => {
    alone.delete(member);
    joined.add(member);
    member.joined();
  };

  const run = async (): Promise<void> => {
    try {
      for await (const payload of start(ended.signal)) publish(payload);
    } catch (error) {
      if (!ended.signal.aborted) onFault(error);
    } finally {
      end();
      for (const member of joined) member.broken();
    }
  };

  void run();
  return {
    add: (member) => void alone.add(member),
    tryJoin(member) {
      const place = member.place();
      const index = recent.findLastIndex(({ item }) => item.cursor === place);
      if (index < 0 || ended.signal.aborted || !alone.has(member)) return false;
      takeOver(member);
      for (const payload of recent.slice(index + 1)) member.deliver(payload);
      return true;
    },
    remove(member) {
      alone.delete(member);
      joined.delete(member);
      if (alone.size + joined.size === 0) end();
    },
  };
}
