import { z } from "zod";
import { orderEvent } from "../events.ts";
import { changedAddress } from "../fields.ts";
import { EVERYBODY, orderCommand } from "./command.ts";

/** Always an event, the same address too: nobody here may look inside to compare. */
export const updateShippingAddress = orderCommand({
  description: "Sends the order elsewhere, as long as nothing is shipped.",
  scopes: EVERYBODY,
  input: z.object({ personal: changedAddress }),
  facts: z.object({}),
  decide: (_state, { personal }) => [orderEvent("ShippingAddressUpdated", { personal })],
});
