import { randomBytes } from "node:crypto";
import { Binary, type Db } from "mongodb";
import { KEY_BYTES } from "./cipher.ts";
import { PrivacyError, unavailable } from "./errors.ts";
import type { MasterKeys } from "./master-key.ts";

interface RootDocument {
  readonly _id: string;
  readonly master: string;
  readonly wrapped: Binary;
}

const ROOT = "root";
const MAJORITY = { writeConcern: { w: "majority" as const, journal: true } };

/**
 * The secret from which the search tokens' key is derived: made once for a database, wrapped by the
 * master key, and the same for ever, whatever becomes of the master key. It also shows at start
 * whether the master key is the right one: throws `MASTER_KEY_WRONG`, or `KEYS_UNAVAILABLE`.
 */
export async function openRootSecret(db: Db, masterKeys: MasterKeys): Promise<Buffer> {
  const roots = db.collection<RootDocument>("privacy_root");
  const fresh = masterKeys.wrap(randomBytes(KEY_BYTES), ROOT);
  const made = { master: fresh.master, wrapped: new Binary(fresh.bytes) };
  let found: RootDocument | null;
  try {
    await roots.updateOne({ _id: ROOT }, { $setOnInsert: made }, { upsert: true, ...MAJORITY });
    found = await roots.findOne({ _id: ROOT }, { readConcern: { level: "majority" } });
  } catch (error) {
    throw unavailable(error);
  }
  if (found === null) throw unavailable(new Error("the root secret was removed"));
  const { master } = found;
  const bytes = masterKeys.unwrap({ master, bytes: Buffer.from(found.wrapped.buffer) }, ROOT);
  if (bytes === null) {
    throw new PrivacyError(
      "MASTER_KEY_WRONG",
      `STATECART_MASTER_KEY is not the key of this database: its personal fields are sealed ` +
        `under the master key ${master}, and the one given is ${masterKeys.id}; give the right ` +
        `one, or the earlier one as STATECART_MASTER_KEY_ALSO`,
    );
  }
  if (master !== masterKeys.id) {
    const again = masterKeys.wrap(bytes, ROOT);
    const change = { $set: { master: again.master, wrapped: new Binary(again.bytes) } };
    await roots.updateOne({ _id: ROOT, master }, change, MAJORITY).catch((error: unknown) => {
      throw unavailable(error);
    });
  }
  return bytes;
}
