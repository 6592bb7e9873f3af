import { CloseCode, handleProtocols, makeServer } from "graphql-ws";
import type { Logger } from "pino";
import type { Backlog } from "./backlog.ts";
import { createOpenOperations } from "./open-operations.ts";
import { protocolHooks } from "./protocol.ts";
import type { ProtocolOptions, SocketFacts } from "./protocol.ts";
import { createSocketGroup } from "./socket-group.ts";
import type { SocketServer } from "./socket-group.ts";

const MESSAGE_BYTES_MAX = 65_536;
const FRAGMENTS_MAX = 16;
const BUFFERED_CHUNKS_MAX = 1_024;
const SOCKETS_MAX = 10_000;
/** RFC 6455, section 7.4.1: a type of data that cannot be accepted. */
const CLOSE_UNSUPPORTED = 1003;

interface SocketServerOptions extends ProtocolOptions {
  /** What waits for all sockets of the process. */
  readonly backlog: Backlog;
  /** How many proxies of ours an upgrade passes. */
  readonly trustedProxies: number;
  /** A socket that has not answered a ping by the next one is ended; 20 s unless given. */
  readonly pingIntervalMs?: number | undefined;
}

/** GraphQL over WebSocket (graphql-transport-ws); it listens to nothing by itself. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { logger, traffic, backlog, trustedProxies, pingIntervalMs } = options;
  const protocol = makeServer<Record<string, unknown>, SocketFacts>(protocolHooks(options));
  return createSocketGroup({
    bounds: {
      maxPayload: MESSAGE_BYTES_MAX,
      maxFragments: FRAGMENTS_MAX,
      maxBufferedChunks: BUFFERED_CHUNKS_MAX,
      handleProtocols,
    },
    socketsMax: SOCKETS_MAX,
    traffic,
    backlog,
    trustedProxies,
    pingIntervalMs,
    onOpened({ socket, connection, address }) {
      const open = createOpenOperations();
      const facts: SocketFacts = { socket, connection, address, open, identity: null };
      const closed = protocol.opened(adapt(facts, logger), facts);
      socket.on("close", (code, reason) => {
        open.close();
        closed(code, reason.toString()).catch((err: unknown) => {
          logger.error({ err }, "fault while a socket was closed");
        });
      });
    },
  });
}

/**
 * The socket as graphql-ws wants it; a fault closes the socket and shows nothing of itself.
 * Whatever is sent counts for the bound: answers and pongs, too, pile up for a peer that never
 * reads.
 */
function adapt({ socket, connection }: SocketFacts, logger: Logger) {
  // Too large or malformed frames: ws closes the socket with the code that fits.
  socket.on("error", (err) => logger.debug({ err }, "a socket broke"));
  // Answered by ws itself.
  socket.on("ping", () => connection.bound());
  return {
    protocol: socket.protocol,
    send: (data: string): void => connection.write(data),
    close: (code?: number, reason?: string): void => socket.close(code, reason),
    onMessage(take: (data: string) => Promise<void>): void {
      socket.on("message", (data: Buffer, isBinary: boolean) => {
        // What comes after a close that we have begun is nobody's.
        if (socket.readyState !== socket.OPEN) return;
        if (isBinary) {
          socket.close(CLOSE_UNSUPPORTED, "Messages are text");
          return;
        }
        take(data.toString("utf8")).catch((err: unknown) => {
          logger.error({ err }, "fault while a socket message was handled");
          socket.close(CloseCode.InternalServerError, "Internal server error");
        });
      });
    },
  };
}
