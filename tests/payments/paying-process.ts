/**
 * Makes the calls that it reads from standard input one after the other, and would tell each
 * outcome, if it lived to hear it. Arguments: the URL and the name of a database.
 */
import { MongoClient } from "mongodb";
import { pino } from "pino";
import { createSandboxProvider } from "../../payments/index.ts";
import { make, type Call } from "./sandbox-calls.ts";

const [url = "", database = ""] = process.argv.slice(2);
let calls = "";
for await (const chunk of process.stdin) calls += String(chunk);
const client = await new MongoClient(url).connect();
const provider = await createSandboxProvider(client.db(database), {
  logger: pino({ level: "silent" }),
  callTimeoutMs: 600_000,
});
for (const call of JSON.parse(calls) as Call[]) {
  process.stdout.write(`${(await make(provider, call)).outcome}\n`);
}
