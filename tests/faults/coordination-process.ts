/**
 * Drives round after round of checkouts until it dies at the point that its settings name, however
 * long that takes, and says which round it begins. Arguments: a name for the rounds and the number
 * of the first, which a process before this one may have left half done.
 */
import { openCoordination } from "./coordination.ts";

const [name = "", first = "1"] = process.argv.slice(2);
const coordination = await openCoordination(process.env);
for (let round = Number(first); ; round += 1) {
  process.stdout.write(`${round}\n`);
  await coordination.drive(`${name} ${round}`);
}
