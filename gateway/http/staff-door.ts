import type { IncomingMessage, ServerResponse } from "node:http";
import { bearerToken } from "../auth/token.ts";
import type { TokenVerifier } from "../auth/token.ts";
import { AuthError } from "../errors.ts";

interface StaffDoorOptions {
  readonly verifier: TokenVerifier;
  /** Whether everybody may come in; else operators and services. */
  readonly isOpen: boolean;
}

/** Who may read pages that are not for customers. */
export interface StaffDoor {
  /** True for who may; else the answer is given: 401 or 403. Throws a fault of the verifier. */
  admits(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** A door that looks at the bearer token. */
export function createStaffDoor({ verifier, isOpen }: StaffDoorOptions): StaffDoor {
  return {
    async admits({ headers }, response) {
      if (isOpen) return true;
      try {
        const { scope } = await verifier.verify(bearerToken(headers.authorization));
        if (scope !== "customer") return true;
        response.writeHead(403).end();
      } catch (error) {
        if (!(error instanceof AuthError)) throw error;
        response.writeHead(401, { "www-authenticate": "Bearer" }).end();
      }
      return false;
    },
  };
}
