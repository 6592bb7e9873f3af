import { chartText, lightOf } from "../charts/chart.ts";
import type { ChartFormat } from "../charts/chart.ts";
import type { AggregateName } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import type { Viewer } from "../context.ts";
import { permissionsOf } from "./allowed-commands.ts";
import { builder } from "./builder.ts";
import { orderType } from "./order.ts";
import { productType } from "./product.ts";
import { open } from "./root-access.ts";

const chartNameType = builder.enumType("ChartName", {
  description: "Of what a statechart is.",
  values: { ORDER: { value: "order" }, PRODUCT: { value: "product" } } as const,
});

const formatType = builder.enumType("ChartFormat", {
  description: "How a statechart is written.",
  values: {
    JSON: {
      value: "json" satisfies ChartFormat,
      description: "For `createMachine` and Stately Studio.",
    },
    SVG: { value: "svg" satisfies ChartFormat },
    MERMAID: { value: "mmd" satisfies ChartFormat, description: "A Mermaid state diagram." },
    DRAWING: {
      value: "drawing.json" satisfies ChartFormat,
      description: "JSON of the states, the arrows and where they are drawn.",
    },
  } as const,
});

builder.queryFields((t) => ({
  chart: t.string({
    ...open("customer", "operator", "service"),
    description: "A statechart: what may happen at all. Also at `/charts/order.svg` and so on.",
    args: {
      of: t.arg({ type: chartNameType, required: true }),
      format: t.arg({ type: formatType, required: true }),
    },
    resolve: (_source, { of, format }) => chartText(of, format),
  }),
}));

const lit =
  "Its statechart with the present states lit and what you may bring about next marked " +
  "(in SVG; Mermaid shows the states, JSON neither).";

builder.objectFields(orderType, (t) => ({
  chart: t.string({
    description: lit,
    args: { format: t.arg({ type: formatType, required: true }) },
    resolve: (view, { format }, { viewer }) => litChart("order", view, { format, viewer }),
  }),
}));

builder.objectFields(productType, (t) => ({
  chart: t.string({
    description: lit,
    args: { format: t.arg({ type: formatType, required: true }) },
    resolve: (view, { format }, { viewer }) => litChart("product", view, { format, viewer }),
  }),
}));

/** Only a drawing and a diagram show what is lit; the others need no permissions judged. */
function litChart(
  name: AggregateName,
  view: EntityView,
  { format, viewer }: { readonly format: ChartFormat; readonly viewer: Viewer },
): string {
  if (format !== "svg" && format !== "mmd") return chartText(name, format);
  return chartText(name, format, lightOf(name, view, permissionsOf(name, view, viewer)));
}
