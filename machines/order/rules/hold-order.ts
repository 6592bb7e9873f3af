import { z } from "zod";
import { orderEvent } from "../events.ts";
import { reasonText } from "../fields.ts";
import { STAFF, orderCommand } from "./command.ts";

export const holdOrder = orderCommand({
  description: "Stops shipping until the hold is released.",
  scopes: STAFF,
  input: z.object({ reason: reasonText }),
  facts: z.object({}),
  decide: (_state, { reason }) => [orderEvent("OrderHeld", { reason })],
});

export const releaseHold = orderCommand({
  description: "Lets the order be shipped again.",
  scopes: STAFF,
  input: z.object({ reason: reasonText }),
  facts: z.object({}),
  decide: (_state, { reason }) => [orderEvent("HoldReleased", { reason })],
});
