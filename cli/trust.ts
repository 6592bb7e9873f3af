import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { trustedManifest } from "../gateway/index.ts";

const usage = `Usage: npm run --silent trust -- FILE_OR_FOLDER... > trusted-documents.json
Prints the manifest of the GraphQL documents in these .graphql files, one document a file, for
STATECART_TRUSTED_DOCUMENTS. Clients send the exact text of a file, or sha256:<hex> of it.`;

const places = process.argv.slice(2);

if (places.length === 0) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const texts = places.flatMap(filesIn).map((file) => readFileSync(file, "utf8"));
  console.log(JSON.stringify(trustedManifest(texts), null, 2));
}

function filesIn(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  const names = readdirSync(place, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".graphql")).map((name) => join(place, name));
}
