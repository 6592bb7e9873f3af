import { writeFileSync } from "node:fs";
import { chartText } from "../gateway/index.ts";
import { configurationPage } from "./settings.ts";

/** Writes the pages that are generated from code; a test fails when they are stale. */
writeFileSync("docs/configuration.md", configurationPage());
writeFileSync("docs/pictures/order-statechart.svg", chartText("order", "svg"));
writeFileSync("docs/pictures/product-statechart.svg", chartText("product", "svg"));
