import { requestOf } from "../context.ts";
import { GatewayError } from "../errors.ts";
import type { InspectionPass } from "../inspection/desk.ts";
import { TARGETS } from "../inspection/target.ts";
import { builder } from "./builder.ts";
import { open } from "./root-access.ts";

const passType = builder.objectRef<InspectionPass>("InspectionTicket").implement({
  description: "Opens one inspection feed, once.",
  fields: (t) => ({
    ticket: t.exposeString("ticket"),
    path: t.exposeString("path", {
      description: "Of the WebSocket that speaks the format of Stately's inspector.",
    }),
    viewerPath: t.exposeString("viewerPath", {
      nullable: true,
      description: "Of the page with Stately's hosted viewer; null where it is not served.",
    }),
    expiresAt: t.field({
      type: "DateTime",
      description: "Until when the feed can be opened; it then goes on.",
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
});

builder.mutationField("createInspectionTicket", (t) =>
  t.field({
    ...open("operator"),
    type: passType,
    description:
      "A single-use ticket for the inspection feed of an order, a product or all of them, which " +
      "shows nothing personal and ends with the token that asked for it.",
    args: {
      stream: t.arg.string({ required: true, description: `One of ${TARGETS}.` }),
    },
    resolve(_source, { stream }, context) {
      const { inspection } = context.services;
      if (inspection === null) {
        throw new GatewayError("INSPECTION_DISABLED", "The inspection feed is switched off here.");
      }
      const pass = inspection.admit(stream, requestOf(context).tokenExpiresAt);
      if (pass !== null) return pass;
      throw new GatewayError("BAD_USER_INPUT", `stream must be one of ${TARGETS}.`);
    },
  }),
);
