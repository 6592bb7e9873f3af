import { consoleBuild } from "./console-build.ts";

/** What `npm start` does first: builds the console when it is missing or has changed. */
const outcome = await consoleBuild((line) => process.stderr.write(`${line}\n`));
if (outcome !== null) process.stderr.write(`statecart: the console is not built: ${outcome}\n`);
