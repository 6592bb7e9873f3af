import { describe, expect, it } from "vitest";
import {
  allowedCommands,
  productAggregate,
  productAvailable,
  productStatus,
} from "../../machines/index.ts";
import { NOW, ada, command, createProduct, productHistory } from "./samples.ts";
import { specify } from "./specification.ts";

const { given } = specify(productAggregate);
const publish = command("PublishProduct", {});
const discontinue = command("DiscontinueProduct", {});
const adjust = (delta: number) => command("AdjustStock", { delta, reason: "count" });
const reprice = (minor: number, currency = "EUR") =>
  command("ChangePrice", { price: { minor, currency } });

describe("CreateProduct", () => {
  it("begins a draft", () => {
    given([])
      .when(createProduct())
      .then([{ type: "ProductCreated", data: { ...createProduct().data, createdAt: NOW } }]);
    const { state } = given(productHistory());
    expect(productStatus(state)).toBe("DRAFT");
    expect(productAvailable(state.context)).toBe(10);
    expect(state.context).toMatchObject({ description: "", createdAt: NOW });
  });

  it("is refused for a SKU that exists", () => {
    given(productHistory())
      .when(createProduct())
      .refuses("INVALID_TRANSITION", { allowedIn: ["lifecycle.none"] });
  });
});

describe("UpdateProduct and ChangePrice", () => {
  it("tell only what changed", () => {
    given(productHistory())
      .when(command("UpdateProduct", { name: "Cup", category: "kitchen" }))
      .then([{ type: "ProductUpdated", data: { name: "Cup" } }]);
    given(productHistory())
      .when(reprice(999))
      .then([{ type: "PriceChanged", data: { price: { minor: 999, currency: "EUR" } } }]);
  });

  it("change nothing when it is so already", () => {
    given(productHistory())
      .when(command("UpdateProduct", { name: "Mug" }))
      .then([]);
    given(productHistory()).when(command("UpdateProduct", {})).then([]);
    given(productHistory()).when(reprice(1250)).then([]);
    given(productHistory()).when(adjust(0)).then([]);
  });

  it("are refused for another currency and a discontinued product", () => {
    given(productHistory())
      .when(reprice(1250, "JPY"))
      .refuses("CURRENCY_MISMATCH", { expected: "EUR", actual: "JPY" });
    given(productHistory(discontinue))
      .when(reprice(1250))
      .refuses("INVALID_TRANSITION", {
        allowedIn: ["lifecycle.draft", "lifecycle.active", "lifecycle.unlisted"],
      });
  });
});

describe("AdjustStock", () => {
  it("counts up and down to zero, also after the end of sale", () => {
    given(productHistory())
      .when(adjust(-10))
      .then([{ type: "StockAdjusted", data: { delta: -10, reason: "count" } }]);
    const { state } = given(productHistory(publish, discontinue, adjust(-4)));
    expect(productAvailable(state.context)).toBe(6);
  });

  it("refuses less than nothing by a named guard with its figures", () => {
    given(productHistory()).when(adjust(-11)).refuses("GUARD_FAILED", {
      guard: "leavesStock",
      state: "lifecycle.draft",
      onHand: 10,
      delta: -11,
    });
  });

  it("refuses more than can be counted", () => {
    given(productHistory())
      .when(adjust(1e9))
      .refuses("AMOUNT_TOO_LARGE", { onHand: 10, delta: 1e9, limit: 1e9 });
  });
});

describe("PublishProduct and DiscontinueProduct", () => {
  it("lead from draft to active to discontinued", () => {
    given(productHistory())
      .when(publish)
      .then([{ type: "ProductPublished", data: {} }]);
    expect(productStatus(given(productHistory(publish)).state)).toBe("ACTIVE");
    const gone = given(productHistory(publish, discontinue));
    expect(productStatus(gone.state)).toBe("DISCONTINUED");
    given(productHistory(publish)).when(publish).refuses("INVALID_TRANSITION");
  });

  it("keep the reason", () => {
    const withReason = command("DiscontinueProduct", { reason: "sold badly" });
    given(productHistory())
      .when(withReason)
      .then([{ type: "ProductDiscontinued", data: { reason: "sold badly" } }]);
  });
});

describe("a customer", () => {
  it("knows only of products on sale and may change none", () => {
    const byAda = { ...publish, by: ada };
    given(productHistory()).when(byAda).refuses("NOT_FOUND");
    given(productHistory(publish)).when(byAda).refuses("FORBIDDEN");
    given([])
      .when({ ...createProduct(), by: ada })
      .refuses("FORBIDDEN");
    const { state } = given(productHistory(publish));
    const reasons = allowedCommands(productAggregate, state, ada).map(({ reason }) => reason?.code);
    expect(reasons).toEqual(Array(13).fill("FORBIDDEN"));
  });
});
