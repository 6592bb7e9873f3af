import { Binary, type Document } from "mongodb";
import { v5 } from "uuid";
import { GENESIS_HASH, partitionOf, sealCommit, type Commit } from "../log/index.ts";
import { orderIdOf, orderNumberOf } from "../machines/index.ts";

const NAMESPACE = "0b0c4a34-9d7e-4f7e-8f0a-5b1a3f6f7c11";
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What tells one order from another that was dealt with in the same way. */
export interface Identity {
  readonly id: string;
  readonly number: string;
  /** When it was placed (ms since the epoch). */
  readonly at: number;
}

/** The identity of the n-th order in bulk. */
export function identityOf(index: number, at: number): Identity {
  const number = orderNumberOf(`bulk/${String(index)}`);
  return { id: orderIdOf(number), number, at };
}

/** The number by which a parcel of an order is followed. */
export function trackingOf(orderNumber: string): string {
  return `JD${orderNumber.replaceAll("-", "").slice(0, 10)}`;
}

/** Makes what is stored of one order into what would be stored of another, later or earlier. */
export interface Cloning {
  /** A stored document, whatever it is of; with `promoteValues: false`, so that types are kept. */
  document(original: Document): Document;
  commits(originals: readonly Commit[]): Commit[];
}

/** Replaces ids, numbers, moments and the beginnings of both numbers by which they are found. */
export function cloning(from: Identity, to: Identity): Cloning {
  const words = new Map([
    [from.id, to.id],
    [from.number, to.number],
    [trackingOf(from.number), trackingOf(to.number)],
  ]);
  const tokens = beginnings(from, to);
  const shiftMs = to.at - from.at;
  const [oldId, newId] = [bytesOf(from.id), bytesOf(to.id)];

  function text(value: string): string {
    if (MOMENT.test(value)) return new Date(Date.parse(value) + shiftMs).toISOString();
    if (value.startsWith(`${from.id}/`)) return to.id + value.slice(from.id.length);
    return words.get(value) ?? value;
  }

  function renamed(value: unknown, key: string): unknown {
    if (typeof value === "string") return text(value);
    if (value === null || typeof value !== "object") return value;
    if (value instanceof Date) return new Date(value.getTime() + shiftMs);
    if (value instanceof Binary) {
      const isId = oldId.equals(value.buffer);
      return isId ? new Binary(newId, Binary.SUBTYPE_UUID) : value;
    }
    if (key === "tokens") return reworded(value as readonly string[], tokens);
    if (Array.isArray(value)) return value.map((item) => renamed(item, ""));
    // Numbers of BSON are kept as they are.
    if ("_bsontype" in value) return value;
    const copy: Document = {};
    for (const [name, field] of Object.entries(value)) copy[name] = renamed(field, name);
    return copy;
  }

  return {
    document: (original) => renamed(original, "") as Document,
    commits(originals) {
      let head = GENESIS_HASH;
      return originals.map(({ hash: _hash, ...original }) => {
        const draft = renamed(original, "") as Omit<Commit, "hash">;
        const id = v5(`${to.id}/${String(original.version)}`, NAMESPACE);
        const partition = partitionOf(to.id);
        const commit = sealCommit(head, { ...draft, id, partition });
        head = commit.hash;
        return commit;
      });
    },
  };
}

/** Both numbers' beginnings as they are in an index of words, each with its other one. */
function beginnings(from: Identity, to: Identity): ReadonlyMap<string, string> {
  const parts = ({ number }: Identity): string[] =>
    [...number.split("-"), trackingOf(number)].map((part) => part.toLowerCase());
  const others = parts(to);
  return new Map(
    parts(from).flatMap((part, index) =>
      Array.from(part, (_letter, last): [string, string] => [
        part.slice(0, last + 1),
        others[index]?.slice(0, last + 1) ?? "",
      ]),
    ),
  );
}

function reworded(words: readonly string[], changes: ReadonlyMap<string, string>): string[] {
  return [...new Set(words.map((word) => changes.get(word) ?? word))].sort();
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}
