import { createHash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import jwt from "jsonwebtoken";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { AuthError } from "../errors.ts";
import type { KeyRing } from "./keys.ts";

const TOKEN_LENGTH_MAX = 8_192;
const VERIFIED_TOKENS_MAX = 10_000;
/** Clocks of the signer and of ours may differ by this much. Expiry itself is strict. */
const CLOCK_TOLERANCE_S = 5;

/** The scopes a token may carry; `internal` belongs to no token (design 6). */
export type TokenScope = "customer" | "operator" | "service";
const tokenScopes: readonly TokenScope[] = ["customer", "operator", "service"];

/** Who sends a request, as the token's signer vouches for it. */
export interface Identity {
  readonly subject: string;
  readonly scope: TokenScope;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Tells who a bearer token speaks for. Throws an `AuthError` that says what is wrong with it. */
export interface TokenVerifier {
  verify(token: string): Promise<Identity>;
}

interface VerifierOptions {
  readonly keys: KeyRing;
  readonly issuer: string;
  readonly audience: string;
  /** Longest life (`exp - iat`) a token may have. */
  readonly lifetimeMaxS?: number;
}

/** Anything else in a header (jku, x5u, jwk, crit, ...) is a way in, so it refuses the token. */
const headerSchema = z.strictObject({
  alg: z.literal("RS256"),
  typ: z.literal(["JWT", "at+jwt"]).optional(),
  kid: z.string().min(1).max(200).optional(),
});

const seconds = z.int().min(0);
const claimsSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string().min(1).max(200),
  scope: z.string().min(1).max(200),
  iat: seconds,
  exp: seconds,
});

/** Verifies RS256 tokens against the ring, remembering those it has verified until they expire. */
export function createTokenVerifier(options: VerifierOptions): TokenVerifier {
  const { keys } = options;
  const verified = new LRUCache<string, { identity: Identity; generation: number }>({
    max: VERIFIED_TOKENS_MAX,
  });

  return {
    async verify(token) {
      if (token.length > TOKEN_LENGTH_MAX) throw new AuthError("The token is too long.");
      const id = createHash("sha256").update(token).digest("base64url");
      const known = verified.get(id);
      if (known?.generation === keys.generation) return unexpired(known.identity);
      const key = await keys.find(readHeader(token).kid);
      if (key === null) throw new AuthError("The token is signed by a key that is not ours.");
      const identity = unexpired(identityOf(verifySignature(token, key, options), options));
      verified.set(id, { identity, generation: keys.generation });
      return identity;
    },
  };
}

/** The token of an `Authorization: Bearer ...` value. Throws an `AuthError` when it is none. */
export function bearerToken(authorization: unknown): string {
  if (authorization === undefined) throw new AuthError("A bearer token is required.");
  const match = typeof authorization === "string" ? /^Bearer ([^\s]+)$/i.exec(authorization) : null;
  if (match?.[1] === undefined) throw new AuthError("The authorization must be `Bearer <token>`.");
  return match[1];
}

function readHeader(token: string): z.infer<typeof headerSchema> {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(token.split(".", 1)[0] ?? "", "base64url").toString("utf8"));
  } catch {
    throw new AuthError("The token is not a JSON web token.");
  }
  const parsed = headerSchema.safeParse(header);
  if (parsed.success) return parsed.data;
  throw new AuthError("The token's header must be RS256 with alg, typ and kid only.");
}

function verifySignature(
  token: string,
  key: KeyObject,
  { issuer, audience }: VerifierOptions,
): unknown {
  try {
    return jwt.verify(token, key, {
      algorithms: ["RS256"],
      issuer,
      audience,
      clockTolerance: CLOCK_TOLERANCE_S,
    });
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw expired();
    // The library's words name the failed claim and nothing of the key.
    throw new AuthError(`The token is not valid: ${(error as Error).message}.`);
  }
}

function identityOf(payload: unknown, { lifetimeMaxS = 86_400 }: VerifierOptions): Identity {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join(".")))];
    throw new AuthError(`The token lacks usable claims: ${names.join(", ")}.`);
  }
  const { sub, scope, iat, exp } = parsed.data;
  if (iat > Date.now() / 1_000 + CLOCK_TOLERANCE_S) {
    throw new AuthError("The token is issued in the future.");
  }
  if (exp - iat > lifetimeMaxS) throw new AuthError("The token lives longer than is allowed.");
  const words = scope.split(" ");
  const [granted, ...others] = tokenScopes.filter((candidate) => words.includes(candidate));
  if (granted === undefined || others.length > 0) {
    throw new AuthError("The token's scope must be one of customer, operator and service.");
  }
  return { subject: sub, scope: granted, expiresAt: exp * 1_000 };
}

function unexpired(identity: Identity): Identity {
  if (identity.expiresAt > Date.now()) return identity;
  throw expired();
}

function expired(): AuthError {
  return new AuthError("The token has expired.", true);
}
