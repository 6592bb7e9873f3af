import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createTokenVerifier, openKeyRing } from "../../gateway/index.ts";
import { testFolder } from "../support/servers.ts";
import { quiet } from "./shop.ts";
import { AUDIENCE, createSigner, ISSUER, signWith } from "./tokens.ts";
import type { Signer } from "./tokens.ts";

let signer: Signer;
let stranger: KeyObject;

beforeAll(async () => {
  signer = await createSigner();
  stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
});

async function verifierOf(file: string, reloadIntervalMs = 0) {
  const keys = await openKeyRing({ file, logger: quiet, reloadIntervalMs });
  return createTokenVerifier({ keys, issuer: ISSUER, audience: AUDIENCE, lifetimeMaxS: 3_600 });
}

/** A token whose parts are put together by hand. */
function forged(header: object, payload: object, signature: (input: string) => string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${signature(input)}`;
}

const now = Math.floor(Date.now() / 1_000);
const claims = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: "mallory",
  scope: "operator",
  iat: now,
  exp: now + 600,
};
const jwkOf = (key: KeyObject): object => createPublicKey(key).export({ format: "jwk" });

describe("a forged token is refused:", () => {
  test.each<[string, () => string]>([
    ["nothing at all", () => ""],
    ["three words", () => "abc.def.ghi"],
    ["a header that is no JSON", () => `${Buffer.from("{").toString("base64url")}.e30.c2ln`],
    ["alg none", () => forged({ alg: "none", typ: "JWT" }, claims, () => "")],
    ["alg none, in other letters", () => forged({ alg: "nOnE" }, claims, () => "")],
    [
      "HS256 with the public key as its secret",
      () =>
        forged({ alg: "HS256", typ: "JWT" }, claims, (input) =>
          createHmac("sha256", signer.publicPem).update(input).digest("base64url"),
        ),
    ],
    ["RS384 by the right key", () => signer.sign({}, { algorithm: "RS384" })],
    ["PS256 by the right key", () => signer.sign({}, { algorithm: "PS256" })],
    ["another's key", () => signWith(stranger)],
    ["another's key in the header", () => withHeader({ jwk: jwkOf(stranger) }, stranger)],
    ["a key to fetch (jku)", () => withHeader({ jku: "https://evil.example/jwks" }, stranger)],
    ["a key to fetch (x5u)", () => withHeader({ x5u: "https://evil.example/x5u" }, stranger)],
    ["a critical extension", () => withHeader({ crit: ["b64"], b64: false })],
    ["a foreign kind", () => withHeader({ typ: "secevent+jwt" })],
    ["a changed payload", () => tampered()],
    ["no signature", () => signer.sign().split(".").slice(0, 2).join(".") + "."],
    ["no exp", () => signer.sign({ exp: undefined })],
    ["no iat", () => signer.sign({ iat: undefined }, { noTimestamp: true })],
    ["no sub", () => signer.sign({ sub: undefined })],
    ["an empty sub", () => signer.sign({ sub: "" })],
    ["no scope", () => signer.sign({ scope: undefined })],
    ["the internal scope", () => signer.sign({ scope: "internal" })],
    ["two scopes at once", () => signer.sign({ scope: "customer operator" })],
    ["another issuer", () => signer.sign({ iss: "elsewhere" })],
    ["no issuer", () => signer.sign({ iss: undefined })],
    ["another audience", () => signer.sign({ aud: "elsewhere" })],
    ["no audience", () => signer.sign({ aud: undefined })],
    ["an exp in the past", () => signer.sign({ iat: now - 60, exp: now - 1 })],
    ["an iat in the future", () => signer.sign({ iat: now + 60 })],
    ["an nbf in the future", () => signer.sign({ nbf: now + 60 })],
    ["too long a life", () => signer.sign({ exp: now + 3_700 })],
    ["an exp that is no whole number", () => signer.sign({ exp: now + 60.5 })],
    ["too many bytes", () => signer.sign({ padding: "x".repeat(9_000) })],
  ])("%s", async (_what, make) => {
    const verifier = await verifierOf(signer.keyFile);
    await expect(verifier.verify(make())).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  const withHeader = (header: object, key: KeyObject = signer.privateKey): string =>
    signWith(key, {}, { header: { alg: "RS256", typ: "JWT", ...header } });

  const tampered = (): string => {
    const [header, , signature] = signer.sign().split(".");
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return [header, payload, signature].join(".");
  };
});

describe("a good token", () => {
  test("tells who sends, and until when", async () => {
    const verifier = await verifierOf(signer.keyFile);
    const token = signer.sign({ sub: "olga", scope: "openid operator", exp: now + 60 });
    const identity = { subject: "olga", scope: "operator", expiresAt: (now + 60) * 1_000 };
    expect(await verifier.verify(token)).toEqual(identity);
    expect(await verifier.verify(token)).toEqual(identity);
  });

  test("is found by its kid among several keys, and only by it", async () => {
    const file = join(await testFolder(), "jwks.json");
    const keys = [
      { ...jwkOf(signer.privateKey), kid: "ours", use: "sig", alg: "RS256" },
      { ...jwkOf(stranger), kid: "theirs", use: "sig" },
    ];
    await writeFile(file, JSON.stringify({ keys }));
    const verifier = await verifierOf(file);
    const sign = (keyid: string): string => signer.sign({}, { keyid });
    expect(await verifier.verify(sign("ours"))).toMatchObject({ subject: "ada" });
    for (const token of [sign("theirs"), sign("nobody's"), signer.sign()]) {
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    }
  });

  test("is known from the moment its key is in the file, and no longer than that", async () => {
    const file = join(await testFolder(), "jwks.json");
    const jwks = (kid: string, key: KeyObject): string =>
      JSON.stringify({ keys: [{ ...jwkOf(key), kid }] });
    await writeFile(file, jwks("old", signer.privateKey));
    const verifier = await verifierOf(file);
    const old = signer.sign({}, { keyid: "old" });
    const fresh = signWith(stranger, {}, { keyid: "new" });
    await verifier.verify(old);
    await expect(verifier.verify(fresh)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await writeFile(file, jwks("new", stranger));
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    expect(await verifier.verify(fresh)).toMatchObject({ subject: "ada" });
    await expect(verifier.verify(old)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("stays good when the key file is spoilt later", async () => {
    const file = join(await testFolder(), "public.pem");
    await writeFile(file, signer.publicPem);
    const verifier = await verifierOf(file);
    await writeFile(file, "spoilt");
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    expect(await verifier.verify(signer.sign())).toMatchObject({ subject: "ada" });
  });
});

describe("a key file is refused at start when it", () => {
  const weak = generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey;
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  const pem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();
  const privatePem = (): string =>
    signer.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const jwks = (...keys: object[]): string => JSON.stringify({ keys });

  test.each<[string, () => string]>([
    ["is empty", () => ""],
    ["is nothing of the kind", () => "hello"],
    ["holds a private key", privatePem],
    ["holds a weak key", () => pem(weak)],
    ["holds a key of another kind", () => pem(curve)],
    ["is a JWKS without keys", () => jwks()],
    ["is a JWKS with a private key", () => jwks({ ...privateJwk(), kid: "a" })],
    ["is a JWKS whose key has no kid", () => jwks(jwkOf(signer.privateKey))],
    ["is a JWKS with a kid twice", () => jwks(named("a"), named("a"))],
    ["is a JWKS for encryption only", () => jwks({ ...named("a"), use: "enc" })],
  ])("%s", async (_what, text) => {
    const file = join(await testFolder(), "keys");
    await writeFile(file, text());
    const opening = openKeyRing({ file, logger: quiet });
    await expect(opening).rejects.toMatchObject({ code: "KEY_FILE_INVALID" });
    await expect(opening).rejects.toThrow(file);
    expect(await readFile(file, "utf8")).toBe(text());
  });

  test("is not there", async () => {
    const file = join(await testFolder(), "nothing");
    const opening = openKeyRing({ file, logger: quiet });
    await expect(opening).rejects.toMatchObject({ code: "KEY_FILE_INVALID" });
  });

  const privateJwk = (): object => signer.privateKey.export({ format: "jwk" });
  const named = (kid: string): object => ({ ...jwkOf(signer.privateKey), kid });
});
