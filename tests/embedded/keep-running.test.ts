import { expect, test } from "vitest";
import { keepRunning, startNatsServer, type LocalServer } from "../../embedded/index.ts";
import { defaultCacheDir } from "../../embedded/index.ts";
import { disposeLater, eventually, testFolder } from "../support/servers.ts";

test("a server that is killed is started again on its port, a stopped one is not", async () => {
  const dataDir = await testFolder();
  const lines: string[] = [];
  const started: LocalServer[] = [];
  const start = async (port: number): Promise<LocalServer> => {
    const cacheDir = defaultCacheDir();
    const server = await startNatsServer({ dataDir, port, cacheDir, report: () => undefined });
    started.push(server);
    return server;
  };
  const kept = await keepRunning(start, (line) => lines.push(line));
  disposeLater(() => kept.stop());
  await started[0]?.kill();
  await eventually(() => lines.includes(`the server at ${kept.url} is up again`));
  expect(started.map(({ url }) => url)).toEqual([kept.url, kept.url]);
  await kept.stop();
  await started[1]?.exited;
  expect(started).toHaveLength(2);
});

test("a server that cannot be started again is given up with the reason", async () => {
  const dataDir = await testFolder();
  const lines: string[] = [];
  let server: LocalServer | null = null;
  const start = async (port: number): Promise<LocalServer> => {
    if (server !== null) throw new Error("the disk is gone");
    const cacheDir = defaultCacheDir();
    server = await startNatsServer({ dataDir, port, cacheDir, report: () => undefined });
    return server;
  };
  const kept = await keepRunning(start, (line) => lines.push(line));
  disposeLater(() => kept.stop());
  await (server as LocalServer | null)?.kill();
  const last = `the server at ${kept.url} cannot be started again: the disk is gone`;
  await eventually(() => lines.filter((line) => line === last).length === 5);
});
