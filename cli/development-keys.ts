import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import jwt from "jsonwebtoken";

/** What development makes by itself, kept under the data folder from one start to the next. */
export interface DevelopmentKeys {
  readonly publicKeyFile: string;
  readonly secret: string;
  readonly masterKey: string;
  /** Signs a token that is good for twelve hours. */
  sign(subject: string, scope: "customer" | "operator" | "service"): string;
}

interface KeyOptions {
  readonly dataDir: string;
  readonly issuer: string;
  readonly audience: string;
}

const TOKEN_LIFETIME_S = 12 * 3_600;

/** The data folder cannot be used; the message says what to do. */
class DataFolderFault extends Error {
  readonly code = "DATA_DIR_NOT_WRITABLE";
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new DataFolderFault(
      `The folder ${folder} cannot be written (${reason}): choose another with DATA_DIR`,
      { cause },
    );
  }
}

/** Loads the development key pair, secret and master key, making them at the first start. */
export function developmentKeys({ dataDir, issuer, audience }: KeyOptions): DevelopmentKeys {
  const folder = join(dataDir, "keys");
  const privateKeyFile = join(folder, "development.private.pem");
  const publicKeyFile = join(folder, "development.public.pem");
  const secretFile = join(folder, "development.secret");
  const masterKeyFile = join(folder, "development.master-key");
  if (!existsSync(secretFile)) {
    makeFolder(folder);
    const pair = generateKeyPairSync("rsa", {
      modulusLength: 2_048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    writeFileSync(privateKeyFile, pair.privateKey, { mode: 0o600 });
    writeFileSync(publicKeyFile, pair.publicKey);
    // The secret comes last: its presence says that all three are whole.
    writeFileSync(secretFile, randomBytes(32).toString("hex"), { mode: 0o600 });
  }
  if (!existsSync(masterKeyFile)) {
    writeFileSync(masterKeyFile, randomBytes(32).toString("base64"), { mode: 0o600 });
  }
  const privateKey = readFileSync(privateKeyFile, "utf8");
  return {
    publicKeyFile,
    secret: readFileSync(secretFile, "utf8"),
    masterKey: readFileSync(masterKeyFile, "utf8"),
    sign: (subject, scope) =>
      jwt.sign({ scope }, privateKey, {
        algorithm: "RS256",
        subject,
        issuer,
        audience,
        expiresIn: TOKEN_LIFETIME_S,
      }),
  };
}
