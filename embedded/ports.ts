import { createServer, connect } from "node:net";
import { EmbeddedError } from "./errors.ts";
import { findListener } from "./process-info.ts";

export type PortOptions = {
  serverName: string;
  /** The port that the caller insists on; 0 or absent: any. */
  wanted: number | undefined;
  /** The port that these data were served on last time. */
  remembered: number | undefined;
  report: (line: string) => void;
};

/** Chooses a port on loopback; a port insisted on that is taken is PORT_IN_USE. */
export async function choosePort(options: PortOptions): Promise<number> {
  const { serverName, wanted, remembered, report } = options;
  if (wanted !== undefined && wanted !== 0) {
    if (await isPortFree(wanted)) return wanted;
    throw await portInUse(serverName, wanted);
  }
  if (remembered === undefined) return freePort();
  if (await isPortFree(remembered)) return remembered;
  const port = await freePort();
  const holder = await nameListener(remembered);
  report(`${serverName}: port ${remembered} is taken by ${holder}; these data move to ${port}`);
  return port;
}

export async function portInUse(serverName: string, port: number): Promise<EmbeddedError> {
  const holder = await nameListener(port);
  return new EmbeddedError(
    "PORT_IN_USE",
    `Port ${port} for ${serverName} is taken by ${holder}; stop that, or choose another port.`,
  );
}

/** A port of 127.0.0.1 that was free a moment ago. */
async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("no free port on 127.0.0.1");
  return port;
}

async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** Whether something accepts connections on the port. */
export async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const answer = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

async function nameListener(port: number): Promise<string> {
  const listener = await findListener(port);
  return listener ? `process ${listener.pid} (${listener.command})` : "another process";
}

async function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}
