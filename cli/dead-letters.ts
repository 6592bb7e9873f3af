import { ask as askOnce } from "./graphql-request.ts";
import { readRunning } from "./running.ts";

const usage = `Usage: npm run dead-letters [-- list | retry PROJECTION ID | skip PROJECTION ID]
Shows what projections have parked in the Statecart that runs on DATA_DIR (.data), tries one again,
or passes over the event that is in its way for good. Elsewhere: STATECART_URL (of GraphQL) and
STATECART_TOKEN (an operator's).`;

interface Letter {
  readonly projection: string;
  readonly entityId: string;
  readonly version: number;
  readonly code: string;
  readonly message: string;
  readonly parkedAt: string;
}

const FIELDS = "projection entityId version code message parkedAt";

/** The error's words are for the person at the terminal. */
async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const running = readRunning(process.env["DATA_DIR"] ?? ".data");
  const url = process.env["STATECART_URL"] ?? running?.graphql;
  const token = process.env["STATECART_TOKEN"] ?? running?.tokens?.operator;
  if (url === undefined || token === undefined) {
    throw new Error(
      "no Statecart runs here: try 'npm start', or STATECART_URL and STATECART_TOKEN",
    );
  }
  return askOnce<Data>({ url, token, query, variables });
}

function lineOf({ projection, entityId, version, code, message, parkedAt }: Letter): string {
  const place = `${projection} ${entityId} at version ${String(version)}`;
  return `${place}, since ${parkedAt}\n  ${code}: ${message}`;
}

async function list(): Promise<void> {
  const { deadLetters } = await ask<{ deadLetters: Letter[] }>(`{ deadLetters { ${FIELDS} } }`);
  for (const letter of deadLetters) console.log(lineOf(letter));
  if (deadLetters.length === 0) console.log("Nothing is parked.");
}

async function act(verb: "retry" | "skip", projection: string, entityId: string): Promise<void> {
  const name = `${verb}DeadLetter`;
  const query = `mutation ($input: DeadLetterInput!) {
    ${name}(input: $input) { flows deadLetter { ${FIELDS} } } }`;
  const answer = await ask<Record<string, { flows: boolean; deadLetter: Letter | null }>>(query, {
    input: { projection, entityId },
  });
  const { flows = false, deadLetter = null } = answer[name] ?? {};
  console.log(flows ? "It flows again." : "It is still parked.");
  if (deadLetter !== null) console.log(lineOf(deadLetter));
  if (!flows) process.exitCode = 1;
}

const [verb = "list", projection, entityId, ...rest] = process.argv.slice(2);
try {
  if (verb === "list" && projection === undefined) await list();
  else if ((verb === "retry" || verb === "skip") && projection && entityId && rest.length === 0) {
    await act(verb, projection, entityId);
  } else {
    console.error(usage);
    process.exitCode = 2;
  }
} catch (error) {
  console.error(`dead-letters: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
