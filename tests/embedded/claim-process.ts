/** Claims a path and lives on until it is killed. Argument: the path. */
import { tryClaim } from "../../embedded/claim.ts";

await tryClaim(process.argv[2] ?? "");
process.stdout.write("claimed");
setInterval(() => undefined, 1_000_000);
