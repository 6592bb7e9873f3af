import type { IncomingMessage, ServerResponse } from "node:http";

/** Where the inspection feed is entered, by WebSocket. */
export const INSPECT_PATH = "/inspect";
/** The page that shows a feed in Stately's viewer; `#stream=...&ticket=...` says which. */
export const VIEWER_PATH = "/inspect/stately";

const VIEWER_ORIGIN = "https://stately.ai";
const HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i;

const script = `
const viewer = document.getElementById("viewer");
const state = document.getElementById("state");
const say = (text) => { state.textContent = text; };

// The viewer says when it is ready, and again whenever it has begun anew.
const FRAMES_MAX = 20000;
const frames = [];
let isReady = false;
const show = (frame) => viewer.contentWindow.postMessage(frame, "${VIEWER_ORIGIN}");
addEventListener("message", ({ data, origin, source }) => {
  if (origin !== "${VIEWER_ORIGIN}" || source !== viewer.contentWindow) return;
  if (data === null || typeof data !== "object" || data.type !== "@statelyai.connected") return;
  isReady = true;
  frames.forEach(show);
});
// Only now: what it says before somebody listens is lost, and nothing would ever be shown.
viewer.src = "${VIEWER_ORIGIN}/inspect";

const entry = new URLSearchParams(location.hash.slice(1));
// A ticket is good once: nobody shall find it in the history of this browser.
history.replaceState(null, "", location.pathname);
if (!entry.has("ticket")) {
  say("Open this page by the viewerPath that the mutation createInspectionTicket answers with.");
} else {
  say("Connecting");
  const place = location.origin.replace(/^http/, "ws") + "${INSPECT_PATH}?" + entry;
  const socket = new WebSocket(place);
  socket.onopen = () => say("Live: " + entry.get("stream"));
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    if (frames.length < FRAMES_MAX) frames.push(frame);
    else say("Live, but too long to be shown again: " + entry.get("stream"));
    if (isReady) show(frame);
  };
  socket.onclose = ({ code, reason }) =>
    say("Ended (" + code + (reason ? ": " + reason : "") + "). Open it again with a new ticket.");
}
`;

const style = `
html, body { height: 100%; margin: 0; font: 0.875rem/2 system-ui; }
body { display: flex; flex-direction: column; }
p { margin: 0; padding: 0 0.75rem; }
iframe { flex: 1; border: 0; }
`;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Statecart in Stately's inspector</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${VIEWER_PATH}.css" />
  </head>
  <body>
    <p id="state" role="status">Loading</p>
    <iframe id="viewer" title="Stately's inspector"></iframe>
    <script src="${VIEWER_PATH}.js"></script>
  </body>
</html>
`;

const files: Readonly<Record<string, { readonly type: string; readonly body: string }>> = {
  [VIEWER_PATH]: { type: "text/html", body: page },
  [`${VIEWER_PATH}.js`]: { type: "text/javascript", body: script },
  [`${VIEWER_PATH}.css`]: { type: "text/css", body: style },
};

/**
 * Answers for a path below `INSPECT_PATH` over plain HTTP: the page and its files where it is
 * switched on, the request to come by WebSocket at the entrance itself, else 404.
 */
export function sendInspection(
  path: string,
  { method, headers }: Pick<IncomingMessage, "method" | "headers">,
  { response, hasViewer }: { readonly response: ServerResponse; readonly hasViewer: boolean },
): void {
  if (path === INSPECT_PATH) {
    response.writeHead(426, { upgrade: "websocket", connection: "upgrade" }).end();
    return;
  }
  const file = hasViewer && Object.hasOwn(files, path) ? files[path] : undefined;
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  response.writeHead(200, {
    "content-type": `${file.type}; charset=utf-8`,
    "content-security-policy": policyAt(headers.host ?? ""),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  response.end(method === "HEAD" ? undefined : file.body);
}

/** Browsers differ in whether 'self' means our sockets, so they are named. */
function policyAt(host: string): string {
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src data:",
    `connect-src 'self'${sockets}`,
    `frame-src ${VIEWER_ORIGIN} https://*.stately.ai`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
