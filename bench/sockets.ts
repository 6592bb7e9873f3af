import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { z } from "zod";
import { runClients } from "./client-process.ts";
import { startRawSockets } from "./raw-sockets.ts";
import { machineLine } from "./report.ts";
import { makeProducts, startSystem, type System } from "./system.ts";

/**
 * `npm run bench -- sockets`: how many live messages a second reach 1,000 and 2,000 sockets, and
 * how late, beside a plain `ws` server that sends the same bytes in the same minutes? All clients
 * are in a process of their own; ours go all the way from the mutation over the log and JetStream.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    /** How many sockets; commas between several. */
    at: { type: "string", default: "1000,2000" },
    /** Without the raw server, for a CPU profile. */
    "only-ours": { type: "boolean", default: false },
  },
});
const TIME_MAX_MS = 600_000;
const STEP_MS = 5_000;
const SOCKETS_PER_SUBJECT = 20;

/** At full speed ten events are under way at once; at ease one, and then a pause. */
const paces = [
  { pace: "as fast as it goes", window: 10, pauseMs: 0 },
  { pace: "one event, then 100 ms of rest", window: 1, pauseMs: 100 },
] as const;

const query = `subscription Watch { productFeed { __typename
  ... on ProductEvent { cursor change productId event { id type version at commandId correlationId }
    product { id sku name category status version price { minor decimal currency }
      stock { onHand reserved committed damaged available } } }
  ... on CaughtUp { cursor } } }`;

const answer = z.object({
  perSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  messages: z.number(),
  connectMs: z.number(),
  sample: z.string(),
});
type Answer = z.infer<typeof answer> & { readonly cpuUs: number };

interface Line {
  readonly sockets: number;
  readonly pace: string;
  readonly bytes: number;
  readonly ours: Answer;
  readonly raw: Answer | null;
}

const machine = machineLine();
const signal = AbortSignal.timeout(TIME_MAX_MS);
const program = new URL("./socket-clients.ts", import.meta.url);
const system = await startSystem((line) => {
  console.error(line);
});
try {
  const lines = await measureAll(system);
  console.log(options.json ? JSON.stringify({ machine, lines }) : tableOf(lines));
} finally {
  await system.close();
}

async function measureAll(on: System): Promise<readonly Line[]> {
  const [product = ""] = await makeProducts(on.bus, ["SOCKETS"], []);
  const lines: Line[] = [];
  for (const sockets of options.at.split(",").map(Number)) {
    const subjects = Math.ceil(sockets / SOCKETS_PER_SUBJECT);
    const tokens = Array.from({ length: subjects }, (_, index) =>
      on.sign(`bench-${String(index)}`),
    );
    for (const { pace, window, pauseMs } of paces) {
      const common = { sockets, window, pauseMs, durationMs: STEP_MS };
      const { url, ws } = on;
      const graphql = { url, tokens, product, run: randomUUID(), query };
      const ours = await measured({ ...common, ws, graphql });
      const raw = options["only-ours"] ? null : await measuredRaw(ours.sample, common);
      lines.push({ sockets, pace, bytes: Buffer.byteLength(ours.sample), ours, raw });
      console.error(`bench: ${String(sockets)} sockets, ${pace}: done`);
    }
  }
  return lines;
}

async function measuredRaw(text: string, common: object): Promise<Answer> {
  const server = await startRawSockets(text);
  try {
    return await measured({ ...common, ws: server.ws, graphql: null });
  } finally {
    await server.close();
  }
}

/** Runs the clients; the CPU time is this process's, so the connecting is in it for both sides. */
async function measured(input: object): Promise<Answer> {
  const cpuBefore = process.cpuUsage();
  const result = answer.parse(await runClients({ program, input, signal }));
  const cpu = process.cpuUsage(cpuBefore);
  return { ...result, cpuUs: (cpu.user + cpu.system) / Math.max(1, result.messages) };
}

function tableOf(lines: readonly Line[]): string {
  const rows = lines.flatMap(({ sockets, pace, bytes, ours, raw }) => {
    const head = `${sockets.toLocaleString("en")} sockets, ${pace}, ${String(bytes)} bytes each`;
    const ratio =
      raw === null ? "" : `; ours / raw: ${(ours.perSecond / raw.perSecond).toFixed(2)}`;
    return [
      "",
      `${head}${ratio}`,
      figures("Statecart", ours),
      ...(raw === null ? [] : [figures("ws alone", raw)]),
    ];
  });
  const note =
    "Statecart's latency is from sending the mutation to having the frame, its CPU time that of " +
    "everything.\nThe raw server's is from asking for the frame to having it.";
  return [machine, ...rows, "", note, ""].join("\n");
}

function figures(name: string, { perSecond, p50Ms, p99Ms, cpuUs, connectMs }: Answer): string {
  const cells = [
    `${Math.round(perSecond).toLocaleString("en").padStart(9)} messages/s`,
    `p50 ${p50Ms.toFixed(1).padStart(6)} ms`,
    `p99 ${p99Ms.toFixed(1).padStart(6)} ms`,
    `CPU ${cpuUs.toFixed(1).padStart(5)} us each`,
    `connected in ${(connectMs / 1_000).toFixed(1)} s`,
  ];
  return `  ${name.padEnd(10)}${cells.join("   ")}`;
}
