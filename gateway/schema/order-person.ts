import type { OrderContext, OrderPersonal, SealedPersonal } from "../../machines/index.ts";
import type { OperationContext } from "../context.ts";
import { builder } from "./builder.ts";

interface Read {
  readonly reading: "OPEN" | "ERASED" | "UNREADABLE";
}
type Contact = OrderPersonal["contact"] & Read;
type Address = OrderPersonal["shippingAddress"] & Read;

const readingType = builder.enumType("PersonalReading", {
  description: "Whether personal fields are shown as they were given.",
  values: {
    OPEN: { description: "They are." },
    ERASED: { description: "The customer was erased; placeholders stand in their place for ever." },
    UNREADABLE: { description: "Their key is out of reach or they are damaged: placeholders." },
  },
});

export const contactType = builder.objectRef<Contact>("Contact").implement({
  description: "Whom to ask about an order.",
  fields: (t) => ({
    reading: t.field({ type: readingType, resolve: ({ reading }) => reading }),
    name: t.exposeString("name"),
    email: t.exposeString("email"),
    phone: t.string({ nullable: true, resolve: ({ phone }) => phone }),
  }),
});

export const addressType = builder.objectRef<Address>("Address").implement({
  description: "Where parcels go.",
  fields: (t) => ({
    reading: t.field({ type: readingType, resolve: ({ reading }) => reading }),
    name: t.exposeString("name"),
    company: t.string({ nullable: true, resolve: ({ company }) => company }),
    line1: t.exposeString("line1"),
    line2: t.string({ nullable: true, resolve: ({ line2 }) => line2 }),
    city: t.exposeString("city"),
    region: t.string({ nullable: true, resolve: ({ region }) => region }),
    postalCode: t.string({ nullable: true, resolve: ({ postalCode }) => postalCode }),
    country: t.exposeString("country", { description: "ISO 3166-1 alpha-2; never sealed." }),
  }),
});

type Order = Pick<OrderContext, "customerId" | "personal" | "addressChange">;

/** The contact of an order, opened, or a placeholder. Null before the order is created. */
export async function contactOf(order: Order, context: OperationContext): Promise<Contact | null> {
  const { customerId, personal } = order;
  if (personal === null) return null;
  const { reading, fields, placeholder } = await read(customerId, personal, context);
  const { contact } = fields as Partial<OrderPersonal>;
  return { reading, ...(contact ?? { name: placeholder, email: placeholder }) };
}

/** The latest address of an order, opened, or a placeholder with the country. */
export async function addressOf(order: Order, context: OperationContext): Promise<Address | null> {
  const sealed = order.addressChange ?? order.personal;
  if (sealed === null) return null;
  const { reading, fields, placeholder } = await read(order.customerId, sealed, context);
  const { shippingAddress } = fields as Partial<OrderPersonal>;
  const { country } = sealed;
  const blank = { name: placeholder, line1: placeholder, city: placeholder, country };
  return { reading, ...(shippingAddress ?? blank) };
}

async function read(
  customerId: string,
  sealed: SealedPersonal,
  { services }: OperationContext,
): Promise<Read & { readonly fields: object; readonly placeholder: string }> {
  const opened = await services.privacy.open(customerId, sealed);
  if (opened.kind === "open") return { reading: "OPEN", fields: opened.fields, placeholder: "" };
  return opened.kind === "erased"
    ? { reading: "ERASED", fields: {}, placeholder: "(erased)" }
    : { reading: "UNREADABLE", fields: {}, placeholder: "(unreadable)" };
}
