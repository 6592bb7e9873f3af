import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { disposeLater } from "../support/servers.ts";

/** A way to a nats-server that breaks off after exactly so many messages under `evt.`. */
export interface CutProxy {
  readonly url: string;
  /** Resolves when the way has been cut. */
  readonly cut: Promise<void>;
  /** Lets everything pass from now on. */
  mend(): void;
}

/** After the cut nobody gets through any more, as if the client had died, until it is mended. */
export async function startCutProxy(port: number, messagesMax: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let left = messagesMax;
  let markCut: () => void = () => undefined;
  const cut = new Promise<void>((resolve) => {
    markCut = resolve;
  });

  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    if (left === 0) client.destroy();
    upstream.pipe(client);
    let rest: Buffer = Buffer.alloc(0);
    client.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = frameEnd(rest); end > 0 && left > 0; end = frameEnd(rest)) {
        upstream.write(rest.subarray(0, end));
        if (rest.subarray(0, 9).toString() === "HPUB evt.") left -= 1;
        rest = rest.subarray(end);
      }
      if (left > 0) return;
      // What was written so far still arrives, and nothing comes back.
      upstream.unpipe(client);
      upstream.end();
      client.destroy();
      markCut();
    });
    client.on("close", () => upstream.end());
    upstream.on("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  disposeLater(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      left = Infinity;
    },
  };
}

/** Where the first whole operation of the NATS protocol ends, or 0 when it is not all there yet. */
function frameEnd(bytes: Buffer): number {
  const lineEnd = bytes.indexOf("\r\n");
  if (lineEnd < 0) return 0;
  const line = bytes.subarray(0, lineEnd).toString();
  const size = /^H?PUB /.test(line) ? Number(line.split(" ").at(-1)) + 2 : 0;
  const end = lineEnd + 2 + size;
  return bytes.length >= end ? end : 0;
}
