import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import jwt from "jsonwebtoken";
import { testFolder } from "../support/servers.ts";

export const ISSUER = "statecart-test";
export const AUDIENCE = "statecart-test";

/** One pair for all signers: to make one takes as long as many a test. */
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

/** A signer of tokens and the file with its public key. */
export interface Signer {
  readonly keyFile: string;
  readonly publicPem: string;
  readonly privateKey: KeyObject;
  /** A good token, unless claims or options say otherwise. */
  sign(claims?: object, options?: jwt.SignOptions): string;
}

export async function createSigner(): Promise<Signer> {
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const keyFile = join(await testFolder(), "public.pem");
  await writeFile(keyFile, publicPem);
  return {
    keyFile,
    publicPem,
    privateKey,
    sign: (claims = {}, options = {}) => signWith(privateKey, claims, options),
  };
}

/** Signs the claims of a good customer token, changed as asked; an undefined claim is left out. */
export function signWith(
  key: jwt.Secret | jwt.PrivateKey,
  claims: object = {},
  options: jwt.SignOptions = {},
): string {
  const now = Math.floor(Date.now() / 1_000);
  const all: Record<string, unknown> = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: "ada",
    scope: "customer",
    iat: now,
    exp: now + 600,
    ...claims,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return jwt.sign(given, key, { algorithm: "RS256", ...options });
}
