import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { GraphQLError } from "graphql";
import { z } from "zod";

/** The documents that are taken, by the sha256 of their text in hex. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** A client may send this and the hash instead of the text. */
const ID_PREFIX = "sha256:";
const MANIFEST = z.record(z.string().regex(/^[0-9a-f]{64}$/, "is no sha256 in hex"), z.string());

/** A manifest that cannot be used; the message names what is wrong with it. */
class TrustedDocumentsError extends Error {
  readonly code = "TRUSTED_DOCUMENTS_INVALID";
}

/** The name of a document in a manifest. */
function documentId(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Reads a manifest, a JSON object of sha256 → text. Throws a `TrustedDocumentsError`. */
export async function readTrustedDocuments(file: string): Promise<TrustedDocuments> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TrustedDocumentsError(`The trusted documents in ${file} cannot be read: ${reason}`);
  }
  const parsed = MANIFEST.safeParse(manifest);
  if (!parsed.success) {
    const message = `${file} is no object of sha256 and document: ${z.prettifyError(parsed.error)}`;
    throw new TrustedDocumentsError(message);
  }
  for (const [id, text] of Object.entries(parsed.data)) {
    if (documentId(text) === id) continue;
    throw new TrustedDocumentsError(`${file}: the document under ${id} has another sha256.`);
  }
  return new Map(Object.entries(parsed.data));
}

/** What to write into a manifest for these documents. */
export function trustedManifest(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => [documentId(text), text]));
}

/** The document that is meant; null when only trusted ones are taken and this is none. */
export function textOf(sent: string, trusted: TrustedDocuments | null): string | null {
  if (trusted === null) return sent;
  if (sent.startsWith(ID_PREFIX)) return trusted.get(sent.slice(ID_PREFIX.length)) ?? null;
  return trusted.has(documentId(sent)) ? sent : null;
}

/**
 * Makes sure that each document is within the limits and valid. Throws a `TrustedDocumentsError`
 * that names the first that is not.
 */
export function assertUsable(
  trusted: TrustedDocuments,
  problemsOf: (text: string) => readonly GraphQLError[],
): void {
  for (const [id, text] of trusted) {
    const [problem] = problemsOf(text);
    if (problem === undefined) continue;
    const message = `The trusted document ${id.slice(0, 12)}… cannot be used: ${problem.message}`;
    throw new TrustedDocumentsError(message);
  }
}
