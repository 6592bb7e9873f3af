import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  commandIdFor,
  lineIdOf,
  orderIdOf,
  orderNumberOf,
  parseOrderNumber,
  productIdOf,
  sku,
} from "../../machines/index.ts";
import { address } from "../../machines/values/address.ts";
import { text } from "../../machines/values/text.ts";
import { sampleSize } from "../support/sample-size.ts";
import { openPersonal } from "./samples.ts";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

describe("order numbers", () => {
  const number = fc.uuid().map(orderNumberOf);

  it("are four groups that read back however they are typed", () => {
    fc.assert(
      fc.property(number, (given) => {
        expect(given).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
        const sloppy = given.replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
        expect(parseOrderNumber(sloppy.toLowerCase())).toBe(given);
      }),
    );
  });

  it("show one wrong character and two that changed places", () => {
    const at = fc.nat(15);
    fc.assert(
      fc.property(
        number,
        at,
        at,
        fc.constantFrom(...Array.from(CROCKFORD)),
        (given, i, j, wrong) => {
          const plain = Array.from(given.replaceAll("-", ""));
          const swapped = [...plain];
          [swapped[i], swapped[j]] = [plain[j] ?? "", plain[i] ?? ""];
          const changed = plain.with(i, wrong);
          for (const typed of [swapped, changed]) {
            const isSame = typed.join("") === plain.join("");
            expect(parseOrderNumber(typed.join(""))).toBe(isSame ? given : null);
          }
        },
      ),
      { numRuns: sampleSize(200, 2_000) },
    );
  });

  it.each(["", "-", "ABCD", "U".repeat(16), "0".repeat(17), "💥".repeat(8), "ſ".repeat(16)])(
    "are not %j",
    (typed) => {
      expect(parseOrderNumber(typed)).toBeNull();
    },
  );

  it("never change for a command, so that stored orders stay where they are", () => {
    const id = "3f1d3b42-7a55-4e0c-8f10-0d7c2f1c0001";
    expect(orderNumberOf(id.toUpperCase())).toBe(orderNumberOf(id));
    expect([orderNumberOf(id), orderIdOf(orderNumberOf(id)), lineIdOf(id, 0)]).toEqual([
      "874B-E0BZ-8NVC-6GNW",
      "3fd82f05-3e25-5284-b12e-9a14746570e4",
      "35533a59-14d5-55de-a0fc-d031c689aa79",
    ]);
    expect(productIdOf("A")).toBe("30f3ea4a-c52b-55ea-a2bc-da4725e5d675");
  });
});

describe("ids", () => {
  it("keep apart what only looks alike when glued together", () => {
    expect(commandIdFor("a", "b\nc")).not.toBe(commandIdFor("a\nb", "c"));
    expect(commandIdFor('a","b', "c")).not.toBe(commandIdFor("a", 'b","c'));
    expect(commandIdFor("ada", "1")).not.toBe(commandIdFor("bob", "1"));
    expect(commandIdFor("ada", "1")).toBe(commandIdFor("ada", "1"));
  });
});

describe("SKUs", () => {
  it("have one normal form", () => {
    expect(sku.parse("  mug-1.b_2 ")).toBe("MUG-1.B_2");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (typed) => {
        const parsed = sku.safeParse(typed);
        if (parsed.success) expect(sku.parse(parsed.data)).toBe(parsed.data);
      }),
    );
  });

  it.each(["", " ", "-A", "A B", "ß", "ı", "A/B", "A\0", "A".repeat(65), "\u202eA", "$ne"])(
    "are not %j",
    (typed) => expect(sku.safeParse(typed).success).toBe(false),
  );
});

describe("text", () => {
  it.each(["", " \n ", "a\0b", "\ud800", "a\udc00b", "x".repeat(21)])("is not %j", (given) =>
    expect(text(20).safeParse(given).success).toBe(false),
  );

  it.each(["مرحبا", "👩‍👩‍👧‍👦", "\u202ertl", "${x}", "$where", "Ω≈ç√", "'; --", "__proto__"])(
    "may be %j",
    (given) => expect(text(200).parse(given)).toBe(given),
  );

  it("survives UTF-8 and JSON whenever it is accepted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (given) => {
        const parsed = text(30).safeParse(given);
        if (!parsed.success) return;
        expect(Buffer.from(parsed.data).toString()).toBe(parsed.data);
        expect(JSON.parse(JSON.stringify(parsed.data))).toBe(parsed.data);
      }),
    );
  });
});

describe("addresses", () => {
  const paths = (given: object) =>
    address
      .safeParse({ ...openPersonal.shippingAddress, ...given })
      .error?.issues.map(({ path }) => path);

  it("need what their country needs, and name the field", () => {
    expect(paths({})).toBeUndefined();
    expect(paths({ postalCode: undefined })).toEqual([["postalCode"]]);
    expect(paths({ postalCode: "SW1A 1AA" })).toEqual([["postalCode"]]);
    expect(paths({ country: "GB", postalCode: "SW1A 1AA" })).toBeUndefined();
    expect(paths({ country: "US", postalCode: "10001" })).toEqual([["region"]]);
    expect(paths({ country: "US", postalCode: "1", region: "NY" })).toEqual([["postalCode"]]);
    expect(paths({ country: "HK", postalCode: undefined })).toBeUndefined();
    expect(paths({ country: "XX" })).toEqual([["country"]]);
    expect(paths({ country: "constructor" })).toEqual([["country"]]);
    expect(paths({ city: "" })).toEqual([["city"]]);
  });
});
