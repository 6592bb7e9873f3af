import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Db } from "mongodb";

const EMPTY = Buffer.alloc(64 * 1024);

/** Where one of the texts was found, in which form. */
export interface Leak {
  readonly place: string;
  readonly text: string;
}

/** A text as bytes may hold it: as it is, lower-cased, and both in base64 at any offset. */
function formsOf(text: string): Buffer[] {
  const plain = [text, text.toLowerCase()];
  const encoded = plain.flatMap((one) =>
    [0, 1, 2].flatMap((offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(one)]);
      // The first and last characters depend on what stands around the text.
      const whole = bytes.toString("base64").slice(offset === 0 ? 0 : 4, -4);
      return [whole, whole.replaceAll("+", "-").replaceAll("/", "_")];
    }),
  );
  return [...new Set([...plain, ...encoded])].map((form) => Buffer.from(form));
}

function leaksIn(place: string, bytes: Buffer, texts: readonly string[]): Leak[] {
  return texts.flatMap((text) =>
    formsOf(text).some((form) => bytes.includes(form)) ? [{ place, text }] : [],
  );
}

/** Looks through the raw bytes of every document of every collection. */
export async function leaksInDatabase(db: Db, texts: readonly string[]): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    for await (const document of db.collection(name).find({}, { raw: true })) {
      leaks.push(...leaksIn(`collection ${name}`, document as unknown as Buffer, texts));
    }
  }
  return leaks;
}

/** Looks through every file under a folder, those of a running server included. */
export async function leaksInFolder(folder: string, texts: readonly string[]): Promise<Leak[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const leaks: Leak[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A file may be gone by now: servers rotate theirs.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    leaks.push(...leaksIn(path, withoutEmptyEnd(bytes), texts));
  }
  return leaks;
}

/** A journal is made in advance: most of it is a hundred megabytes of zeros. */
function withoutEmptyEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end >= EMPTY.length && bytes.subarray(end - EMPTY.length, end).equals(EMPTY)) {
    end -= EMPTY.length;
  }
  return bytes.subarray(0, end);
}

/** Looks through a text, such as a log. */
export function leaksInText(place: string, text: string, texts: readonly string[]): Leak[] {
  return leaksIn(place, Buffer.from(text), texts);
}
