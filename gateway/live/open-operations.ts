/** Operations of one socket at once. */
const OPERATIONS_MAX = 100;

/** What runs on one socket. */
export interface OpenOperations {
  /** Takes an id for a new operation, or says why it cannot be had. */
  enter(id: string): string | null;
  /** Ends the operation of an id when the socket closes; at once if that has happened. */
  onClose(id: string, end: () => void): void;
  leave(id: string): void;
  /** The socket is closed. */
  close(): void;
}

/**
 * Counts what really runs. graphql-ws forgets an operation when the client completes it, even if it
 * has not begun yet; who uses one id again and again in one breath could otherwise leave behind
 * more and more that nobody ends.
 */
export function createOpenOperations(): OpenOperations {
  const open = new Map<string, (() => void) | null>();
  let isClosed = false;
  return {
    enter(id) {
      if (open.has(id)) return "The last operation of this id has not ended yet.";
      if (open.size >= OPERATIONS_MAX) return "Too many operations are open on this socket.";
      open.set(id, null);
      return null;
    },
    onClose(id, end) {
      if (isClosed) end();
      else if (open.has(id)) open.set(id, end);
    },
    leave: (id) => void open.delete(id),
    close() {
      isClosed = true;
      for (const end of [...open.values()]) end?.();
      open.clear();
    },
  };
}
