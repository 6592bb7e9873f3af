/**
 * Runs both servers and says where they are. It survives SIGINT, as a program does that drains
 * before it stops its servers. Arguments: data folder, cache folder, and a binary for each server.
 */
import { startMongod, startNatsServer, type LocalServer } from "../../embedded/index.ts";

const [dataDir = "", cacheDir = "", mongodBinary, natsBinary] = process.argv.slice(2);
process.on("SIGINT", () => process.stdout.write("interrupted\n"));
const options = { dataDir, cacheDir, report: () => undefined };
const [mongod, nats] = await Promise.all([
  startMongod({ ...options, ...(mongodBinary && { binary: mongodBinary }) }),
  startNatsServer({ ...options, ...(natsBinary && { binary: natsBinary }) }),
]);
const place = ({ pid, url }: LocalServer) => ({ pid, url });
process.stdout.write(`${JSON.stringify({ mongod: place(mongod), nats: place(nats) })}\n`);
