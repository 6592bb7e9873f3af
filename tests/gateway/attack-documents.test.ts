import { expect, test } from "vitest";
import { createPreparer } from "../../gateway/operations/prepare.ts";
import { schema } from "../../gateway/schema/schema.ts";

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(" ");
const inOrders = (selection: string): string => `{ orders { nodes { ${selection} } } }`;
const onOrder = (name: string, selection: string): string =>
  `fragment ${name} on Order { ${selection} }`;
const fragments = (count: number, selection: (index: number) => string): string =>
  times(count, (n) => onOrder(`f${String(n)}`, selection(n)));
const chain = (length: number): string =>
  `${fragments(length, (n) => `id ...f${String(n + 1)}`)} ${onOrder(`f${String(length)}`, "id")}`;

/** What a small text could cost: facts 5.2, and what was found by trying. */
const attacks: [name: string, document: string][] = [
  ["a chain of 150 fragments (once 232 ms)", `${inOrders("...f0")} ${chain(150)}`],
  ["a chain of as many fragments as are allowed", `${inOrders("...f0")} ${chain(49)}`],
  [
    "150 fragments side by side",
    `${inOrders(times(150, (n) => `...f${String(n)}`))} ${fragments(150, () => "id")}`,
  ],
  ["900 times one field", inOrders(times(900, () => "id"))],
  ["250 times one object", inOrders(times(250, () => "total { minor }"))],
  [
    "repeats in repeats (once 175 ms)",
    `{ ${times(5, () => `orders { nodes { ${times(60, () => "total { minor }")} } }`)} }`,
  ],
  [
    "as many repeats of objects as are allowed",
    `{ ${times(4, () => inOrders(times(24, () => "total { minor decimal }")).slice(1, -1))} }`,
  ],
  ["300 inline fragments", inOrders(times(300, () => "... on Order { id }"))],
  [
    "300 inline fragments in each other",
    inOrders(`${times(300, () => "... on Order {")} id ${"}".repeat(300)}`),
  ],
  ["450 variables", `query (${times(450, (n) => `$v${String(n)}: Int`)}) { __typename }`],
  ["250 operations", times(250, (n) => `query q${String(n)} { __typename }`)],
  [
    "60 operations over a chain of fragments",
    `${times(60, (n) => `query q${String(n)} ${inOrders("...f0")}`)} ${chain(60)}`,
  ],
  ["900 unknown fields", inOrders(times(900, (n) => `statu${String(n)}`))],
  ["180 unknown directives", inOrders(times(180, (n) => `id @d${String(n)}`))],
  [
    "1,900 items in an argument",
    `{ products(where: { skus: [${times(1_900, (n) => `"S${String(n)}"`)}] }) { totalCount } }`,
  ],
  ["a text of 32 KB", `{ orderByNumber(number: "${"x".repeat(32_000)}") { id } }`],
];

test.each(attacks)("%s costs little", (_name, document) => {
  expect(document.length).toBeLessThanOrEqual(32_768);
  const costs = Array.from({ length: 5 }, () => {
    // A new gate each time, because one remembers what it has judged.
    const preparer = createPreparer({ schema, hideSuggestions: true });
    const start = process.cpuUsage();
    preparer.prepare(document, null);
    return process.cpuUsage(start).user / 1_000;
  });
  // The least of five, since others may be at work on this machine.
  expect(Math.min(...costs)).toBeLessThan(100);
});
