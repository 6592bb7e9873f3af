import { orderAggregate, productAggregate } from "../../machines/index.ts";
import type { Category } from "../../projections/index.ts";
import { atLeastArg, awaitVersions } from "./at-least.ts";
import { builder } from "./builder.ts";
import { given } from "./given.ts";
import { orderConnectionType, orderWhereType, visibleOrders } from "./order-list.ts";
import { pageArgs } from "./page-args.ts";
import { productConnectionType, productWhereType, visibleProducts } from "./product-list.ts";
import { open } from "./root-access.ts";

const everybody = open("customer", "operator", "service");
const text = {
  required: true as const,
  description:
    "Up to eight words; each must be there, or begin one that is. Capitals and accents make no " +
    "difference. What stands between letters and digits parts words; of a word longer than " +
    "twelve characters all must be there.",
};

const categoryType = builder.objectRef<Category>("Category").implement({
  fields: (t) => ({
    name: t.string({ resolve: ({ category }) => category }),
    productCount: t.int({ resolve: ({ count }) => count }),
  }),
});

builder.queryFields((t) => ({
  searchOrders: t.field({
    ...everybody,
    type: orderConnectionType,
    description:
      "Orders found by number, customer's name and e-mail address, SKU, name of a product and " +
      "tracking number, newest first. Customers search their own. Counts to ten thousand.",
    args: {
      text: t.arg.string(text),
      where: t.arg({ type: orderWhereType }),
      ...pageArgs(t),
      atLeast: atLeastArg(t),
    },
    resolve: async (_source, { text: asked, where, atLeast, ...page }, context) => {
      const { viewer, services } = context;
      await awaitVersions(atLeast, { reads: services.orders, of: orderAggregate }, context);
      const request = { text: asked, where: visibleOrders(where, viewer) };
      const found = await services.orders.search({ ...request, ...given(page) });
      return { ...found, count: () => services.orders.countFound(request) };
    },
  }),
  searchProducts: t.field({
    ...everybody,
    type: productConnectionType,
    description:
      "Products found by words of name, SKU and description, by name. Customers find those on " +
      "sale. Counts to ten thousand.",
    args: {
      text: t.arg.string(text),
      where: t.arg({ type: productWhereType }),
      ...pageArgs(t),
      atLeast: atLeastArg(t),
    },
    resolve: async (_source, { text: asked, where, atLeast, ...page }, context) => {
      const { viewer, services } = context;
      await awaitVersions(atLeast, { reads: services.products, of: productAggregate }, context);
      const request = { text: asked, where: visibleProducts(where, viewer) };
      const found = await services.products.search({ ...request, ...given(page) });
      return { ...found, count: () => services.products.countFound(request) };
    },
  }),
  lowStock: t.field({
    ...open("operator", "service"),
    type: productConnectionType,
    description: "Products that can be ordered and have few units left, fewest first.",
    args: {
      atMost: t.arg.int({ defaultValue: 5, required: true, description: "Units available." }),
      ...pageArgs(t),
      atLeast: atLeastArg(t),
    },
    resolve: async (_source, { atMost, atLeast, ...page }, context) => {
      const { services } = context;
      await awaitVersions(atLeast, { reads: services.products, of: productAggregate }, context);
      const found = await services.products.lowStock({ atMost, ...given(page) });
      return { ...found, count: () => services.products.countLowStock(atMost) };
    },
  }),
  categories: t.field({
    ...everybody,
    type: [categoryType],
    description: "Every category by name. Customers see and count what is on sale.",
    resolve: (_source, _args, { viewer, services }) =>
      services.products.categories(given({ status: visibleProducts({}, viewer).status })),
  }),
}));
