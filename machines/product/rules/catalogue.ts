import { z } from "zod";
import { price } from "../../values/money.ts";
import { sku } from "../../values/sku.ts";
import { productEvent } from "../events.ts";
import { onHand, productCategory, productDescription, productName, reasonText } from "../fields.ts";
import { STAFF, productCommand } from "./command.ts";

const nothing = { input: z.object({}), facts: z.object({}), scopes: STAFF } as const;

export const createProduct = productCommand({
  description: "Adds a product to the catalogue, as a draft. Its SKU never changes.",
  scopes: STAFF,
  creates: true,
  input: z.object({
    sku,
    name: productName,
    description: productDescription.optional(),
    category: productCategory,
    price,
    onHand,
  }),
  facts: z.object({}),
  decide: (_state, data, { now }) => [
    productEvent("ProductCreated", {
      sku: data.sku,
      name: data.name,
      ...(data.description === undefined ? {} : { description: data.description }),
      category: data.category,
      price: data.price,
      onHand: data.onHand,
      createdAt: now,
    }),
  ],
});

export const updateProduct = productCommand({
  description: "Changes name, description or category; what is not given stays.",
  scopes: STAFF,
  input: z.object({
    name: productName.optional(),
    description: productDescription.optional(),
    category: productCategory.optional(),
  }),
  facts: z.object({}),
  decide({ context }, { name, description, category }) {
    const changed = {
      ...(name === undefined || name === context.name ? {} : { name }),
      ...(description === undefined || description === context.description ? {} : { description }),
      ...(category === undefined || category === context.category ? {} : { category }),
    };
    return Object.keys(changed).length === 0 ? [] : [productEvent("ProductUpdated", changed)];
  },
});

export const categoriseProduct = productCommand({
  description: "Puts the product into another category.",
  scopes: STAFF,
  input: z.object({ category: productCategory }),
  facts: z.object({}),
  decide: ({ context }, { category }) =>
    category === context.category ? [] : [productEvent("ProductCategorised", { category })],
});

export const publishProduct = productCommand({
  ...nothing,
  description: "Puts a draft or an unlisted product on sale.",
  decide: () => [productEvent("ProductPublished", {})],
});

export const unlistProduct = productCommand({
  ...nothing,
  description: "Takes the product out of the catalogue; whoever knows its SKU can still order it.",
  decide: () => [productEvent("ProductUnlisted", {})],
});

export const discontinueProduct = productCommand({
  description: "Takes the product off sale for good; what is reserved can still be bought.",
  scopes: STAFF,
  input: z.object({ reason: reasonText.optional() }),
  facts: z.object({}),
  decide: (_state, { reason }) => [
    productEvent("ProductDiscontinued", reason === undefined ? {} : { reason }),
  ],
});

export const archiveProduct = productCommand({
  ...nothing,
  description: "Puts a discontinued product away once no order holds any of it.",
  decide: () => [productEvent("ProductArchived", {})],
});

export const unarchiveProduct = productCommand({
  ...nothing,
  description: "Makes an archived product a draft again.",
  decide: () => [productEvent("ProductUnarchived", {})],
});
