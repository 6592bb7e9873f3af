import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";

const PAGE = "/graphql";
const PREFIX = "/graphiql/";

/** Which file of which development package each asset is: nothing comes from elsewhere. */
const assets: Readonly<Record<string, { readonly file: [string, string]; readonly type: string }>> =
  {
    "react.js": { file: ["react", "umd/react.production.min.js"], type: "text/javascript" },
    "react-dom.js": {
      file: ["react-dom", "umd/react-dom.production.min.js"],
      type: "text/javascript",
    },
    "graphiql.js": { file: ["graphiql", "graphiql.min.js"], type: "text/javascript" },
    "graphiql.css": { file: ["graphiql", "graphiql.min.css"], type: "text/css" },
  };

const start = `
  const { token, query } = JSON.parse(document.getElementById("settings").textContent);
  const headers = token === null ? {} : { authorization: "Bearer " + token };
  const fetcher = GraphiQL.createFetcher({
    url: location.origin + "/graphql",
    subscriptionUrl: location.origin.replace(/^http/, "ws") + "/graphql",
    wsConnectionParams: headers,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, {
      fetcher,
      defaultQuery: query,
      defaultHeaders: JSON.stringify(headers, null, 2),
      shouldPersistHeaders: false,
    }),
  );
`;

const firstQuery = `# Ctrl-Enter runs it. Ctrl-Space shows what there is.
query Shop {
  products(first: 10, orderBy: { field: NAME, direction: ASC }) {
    nodes { sku name price { decimal currency } stock { available } }
  }
}
`;

/** GraphiQL for development: one page and its few files, all from this machine. */
export interface Graphiql {
  /** True for the page itself and its files. */
  serves(path: string, request: IncomingMessage): boolean;
  respond(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface GraphiqlOptions {
  /** Put into the page for pages opened on this machine; a development token only. */
  readonly token: string | null;
}

/** Serves GraphiQL at `/graphql`. Answers 404 for a file whose package is not installed. */
export function createGraphiql({ token }: GraphiqlOptions): Graphiql {
  return {
    serves(path, { method, headers }) {
      if (method !== "GET") return false;
      const isPage = path === PAGE && (headers.accept ?? "").includes("text/html");
      return isPage || path.startsWith(PREFIX);
    },
    async respond(path, { headers }, response) {
      response.setHeader("x-content-type-options", "nosniff");
      if (path === PAGE) {
        // Any site's name can be made to point here: only a local name gets the token.
        const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(headers.host ?? "");
        response.setHeader("content-security-policy", policy);
        answer(response, { type: "text/html", body: page(isLocal ? token : null) });
        return;
      }
      const name = path.slice(PREFIX.length);
      if (name === "start.js") {
        answer(response, { type: "text/javascript", body: start });
        return;
      }
      const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
      const body = asset === undefined ? null : await readPackageFile(...asset.file);
      if (asset === undefined || body === null) response.writeHead(404).end();
      else answer(response, { type: asset.type, body });
    },
  };
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "connect-src 'self' ws: wss:; img-src 'self' data:; font-src 'self' data:; " +
  "frame-ancestors 'none'; base-uri 'none'";

function page(token: string | null): string {
  // An escaped "<" cannot end the script element.
  const settings = JSON.stringify({ token, query: firstQuery }).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Statecart GraphiQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${PREFIX}graphiql.css" />
    <style>html, body, #graphiql { height: 100%; margin: 0 }</style>
  </head>
  <body>
    <div id="graphiql">Loading</div>
    <script type="application/json" id="settings">${settings}</script>
    <script src="${PREFIX}react.js"></script>
    <script src="${PREFIX}react-dom.js"></script>
    <script src="${PREFIX}graphiql.js"></script>
    <script src="${PREFIX}start.js"></script>
  </body>
</html>
`;
}

async function readPackageFile(name: string, file: string): Promise<Buffer | null> {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return await readFile(join(dirname(manifest), file));
  } catch {
    return null;
  }
}

function answer(
  response: ServerResponse,
  { type, body }: { readonly type: string; readonly body: string | Buffer },
): void {
  response.setHeader("content-type", `${type}; charset=utf-8`);
  response.end(body);
}
