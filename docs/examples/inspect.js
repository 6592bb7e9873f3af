// Watches a statechart by Stately's own receiver: `node docs/examples/inspect.js order:<id>`.
//
// The feed tells the whole history first, then what happens. A ticket opens it once; whoever is
// cut off asks for another and is told everything again.
import { createWebSocketReceiver } from "@statelyai/inspect";

const {
  STATECART_URL = "http://127.0.0.1:4000/graphql",
  // An operator's: `npm run --silent token -- operator`.
  STATECART_TOKEN,
} = process.env;
const stream = process.argv[2] ?? "*";

const response = await fetch(STATECART_URL, {
  method: "POST",
  headers: { "content-type": "application/json", authorization: `Bearer ${STATECART_TOKEN}` },
  body: JSON.stringify({
    query: "mutation ($stream: String!) { createInspectionTicket(stream: $stream) { path } }",
    variables: { stream },
  }),
});
const { data, errors } = await response.json();
if (errors !== undefined) throw new Error(errors[0].message);

const server = new URL(data.createInspectionTicket.path, STATECART_URL.replace(/^http/, "ws"));
createWebSocketReceiver({ server: server.href }).subscribe((frame) => {
  if (frame.type === "@xstate.actor") {
    console.log(`${frame.sessionId} has ${frame.definition.length} characters of chart`);
  }
  if (frame.type === "@xstate.snapshot") {
    const at = new Date(Number(frame.createdAt)).toISOString();
    console.log(`${at} ${frame.event.type} ${JSON.stringify(frame.snapshot.value)}`);
  }
});
