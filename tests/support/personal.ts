import type { Db } from "mongodb";
import { pino } from "pino";
import { createPrivacy } from "../../privacy/index.ts";
import type { Privacy, PrivacyOptions } from "../../privacy/index.ts";
import { disposeLater } from "./disposal.ts";
import { masterKey } from "./personal-sample.ts";

/** The keys of a database, opened with the tests' master key; closed by itself. */
export async function testPrivacy(db: Db, changes: Partial<PrivacyOptions> = {}): Promise<Privacy> {
  const logger = pino({ level: "silent" });
  const privacy = await createPrivacy({ db, masterKeys: [masterKey], logger, ...changes });
  disposeLater(() => privacy.close());
  return privacy;
}
