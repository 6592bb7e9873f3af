import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { Backlog, Held } from "./backlog.ts";

/** A peer with more than this waiting for it is cut off; it comes again and resumes by cursor. */
const BUFFERED_BYTES_MAX = 1_048_576;
/** A reader of the past waits once this much is on its way, so that nothing piles up for it. */
const BUFFERED_BYTES_PAUSE = 65_536;

/** A socket as live feeds write to it. */
export interface Connection {
  /** Writes a text frame; frames of one turn of the event loop leave together. */
  write(text: string): void;
  /** Cuts the peer off if too much waits for it already. */
  bound(): void;
  /** Resolves when little enough is on its way to go on, or the socket is closed. */
  drained(): Promise<void>;
  /** Asks the client to come again soon, which it does by itself. */
  tryAgainLater(): void;
}

interface ConnectionOptions {
  readonly socket: WebSocket;
  /** The stream under it. */
  readonly stream: Duplex;
  /** What waits for all peers. */
  readonly backlog: Backlog;
  /** Told when it is cut off: for what waits for it alone, or for what waits for all. */
  readonly onCut: (reason: "slow" | "memory") => void;
}

/** Wraps a socket and the stream under it. */
export function createConnection(options: ConnectionOptions): Connection {
  const { socket, stream, backlog, onCut } = options;
  let isCut = false;
  const cut = (reason: "slow" | "memory"): void => {
    if (isCut) return;
    isCut = true;
    // A stalled peer cannot receive a close frame.
    socket.terminate();
    onCut(reason);
  };
  const held: Held = {
    bytes: () => (isCut || stream.destroyed ? 0 : socket.bufferedAmount),
    cut: () => cut("memory"),
  };
  const measure = (): void => backlog.note(held, held.bytes());
  const corkForThisTurn = (): void => {
    if (stream.writableCorked > 0) return;
    stream.cork();
    setImmediate(() => {
      stream.uncork();
      measure();
    });
  };

  /** Every reader of the socket that waits, behind one listener. */
  const waiting = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  stream.on("drain", () => {
    measure();
    wakeAll();
  });
  socket.on("close", () => {
    backlog.leave(held);
    wakeAll();
  });

  const bound = (): void => {
    if (socket.bufferedAmount > BUFFERED_BYTES_MAX) cut("slow");
  };

  return {
    bound,
    write(text) {
      bound();
      if (socket.readyState !== WebSocket.OPEN) return;
      corkForThisTurn();
      socket.send(text);
    },
    drained: () => {
      const isOpen = socket.readyState === WebSocket.OPEN;
      if (!isOpen || socket.bufferedAmount <= BUFFERED_BYTES_PAUSE) return Promise.resolve();
      return new Promise((resolve) => waiting.add(resolve));
    },
    tryAgainLater: () => socket.close(1013, "Try again later"),
  };
}
