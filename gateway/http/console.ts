import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";

const BASE = "/console";
const ASSETS = `${BASE}/assets/`;
const TOKEN = `${BASE}/token`;
/** Names as the build gives them: nothing that could lead out of the folder. */
const ASSET_NAME = /^[\w-]+(\.[\w-]+)*\.(js|css|svg)$/;

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

const headers: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** The operators' console: a page and its files, as the build of console/ left them. */
export interface Console {
  /** True for the console's addresses. */
  serves(path: string): boolean;
  /** Answers with the page, a file of it, or in development with a token to sign in with. */
  respond(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface ConsoleOptions {
  /** Where the built console lies; read at each request, so that a new build shows at once. */
  readonly folder: string;
  /** Given to pages that are opened on this machine; a development token only. */
  readonly token: string | null;
}

/** Serves the console at `/console`. Answers 503 with what to do when it is not built. */
export function createConsole({ folder, token }: ConsoleOptions): Console {
  return {
    serves: (path) => path === BASE || path.startsWith(`${BASE}/`),
    async respond(path, request, response) {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (request.method !== "GET" && request.method !== "HEAD") {
        response.writeHead(405, { allow: "GET, HEAD" }).end();
      } else if (path === TOKEN) sendToken(token, request, response);
      else if (path.startsWith(ASSETS)) {
        await sendAsset(join(folder, "assets"), path.slice(ASSETS.length), { request, response });
      } else await sendPage(join(folder, "index.html"), request, response);
    },
  };
}

/** Any site's name can be made to point here: only a page of a local name gets the token. */
function sendToken(
  token: string | null,
  { headers: { host = "" } }: IncomingMessage,
  response: ServerResponse,
): void {
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);
  response.setHeader("cache-control", "no-store");
  if (token === null || !isLocal) response.writeHead(404).end();
  else {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ token }));
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What a browser may take in the place of a file, best first, and how the file is then called. */
const packings: readonly (readonly [encoding: string, ending: string])[] = [
  ["br", ".br"],
  ["gzip", ".gz"],
  ["identity", ""],
];

/** A file whose name tells of its contents: it never changes, so browsers keep it. */
async function sendAsset(
  folder: string,
  name: string,
  { request, response }: Exchange,
): Promise<void> {
  const type = types[ASSET_NAME.exec(name)?.[2] ?? ""];
  const accepted = request.headers["accept-encoding"]?.toString() ?? "";
  for (const [encoding, ending] of type === undefined ? [] : packings) {
    if (ending !== "" && !new RegExp(`\\b${encoding}\\b`).test(accepted)) continue;
    const body = await contentsOf(join(folder, `${name}${ending}`));
    if (body === null) continue;
    response.writeHead(200, {
      "content-type": type,
      "content-length": body.length,
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
      ...(ending === "" ? {} : { "content-encoding": encoding }),
    });
    response.end(request.method === "HEAD" ? undefined : body);
    return;
  }
  response.writeHead(404).end();
}

/** The one page, whatever the address: the console finds its way by itself. */
async function sendPage(
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await contentsOf(file);
  response.setHeader("cache-control", "no-cache");
  if (body === null) {
    response.writeHead(503, { "content-type": "text/plain; charset=utf-8" });
    response.end("The console is not built. `npm start` and `npm run build` build it.\n");
    return;
  }
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  response.setHeader("etag", etag);
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function contentsOf(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch {
    return null;
  }
}
