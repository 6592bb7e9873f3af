import type { IncomingMessage, ServerResponse } from "node:http";
import { eventContracts } from "../events/event-contract.ts";
import type { StaffDoor } from "./staff-door.ts";

const ASYNCAPI_PATH = "/asyncapi.json";
const SCHEMAS_PATH = "/schemas/";

/** Serves what subscribers of the stream may rely on. */
export interface Contracts {
  serves(path: string): boolean;
  /** Answers with the document, 404, 405, or 401 and 403 where a token is wanted. */
  respond(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Makes the pages `/asyncapi.json` and `/schemas/<CloudEvent type>.json`. */
export function createContracts(door: StaffDoor): Contracts {
  const { asyncapi, schemas } = eventContracts();
  const documents = new Map<string, string>([[ASYNCAPI_PATH, JSON.stringify(asyncapi)]]);
  for (const [type, schema] of schemas) {
    documents.set(`${SCHEMAS_PATH}${type}.json`, JSON.stringify(schema));
  }

  return {
    serves: (path) => path === ASYNCAPI_PATH || path.startsWith(SCHEMAS_PATH),
    async respond(path, request, response) {
      if (request.method !== "GET") {
        response.writeHead(405, { allow: "GET" }).end();
        return;
      }
      if (!(await door.admits(request, response))) return;
      const document = documents.get(path);
      if (document === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
      response.end(document);
    },
  };
}
