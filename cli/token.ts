import { readRunning } from "./running.ts";

const usage = `Usage: npm run --silent token -- customer | operator
Prints the development token of the Statecart that runs on DATA_DIR (default .data).`;

const who = process.argv[2];
const dataDir = process.env["DATA_DIR"] ?? ".data";

if (who !== "customer" && who !== "operator") {
  console.error(usage);
  process.exitCode = 2;
} else {
  const token = readRunning(dataDir)?.tokens?.[who];
  if (token === undefined) {
    console.error(`token: no Statecart in development mode runs on ${dataDir}; try 'npm start'`);
    process.exitCode = 1;
  } else {
    console.log(token);
  }
}
