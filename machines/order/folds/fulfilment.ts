import type { LineQuantity } from "../fields.ts";
import type { OrderLine, OrderReturn } from "../state.ts";
import type { Folds } from "./fold.ts";

type Counter = "shipped" | "delivered" | "cancelled" | "returnRequested" | "returned" | "refunded";

/** The lines with units added to one of their counters, or taken off it by the sign. */
export function addedUnits(
  lines: readonly OrderLine[],
  units: readonly LineQuantity[],
  ...[counter, sign = 1]: readonly [Counter, (1 | -1)?]
): readonly OrderLine[] {
  if (units.length === 0) return lines;
  return lines.map((line) => {
    const count = sumOf(units, line.lineId);
    return count === 0 ? line : { ...line, [counter]: line[counter] + sign * count };
  });
}

function sumOf(units: readonly LineQuantity[], lineId: string): number {
  return units.reduce((sum, one) => (one.lineId === lineId ? sum + one.quantity : sum), 0);
}

function withReturn(
  returns: readonly OrderReturn[],
  returnId: string,
  change: (one: OrderReturn) => Partial<OrderReturn>,
): readonly OrderReturn[] {
  return returns.map((one) => (one.returnId === returnId ? { ...one, ...change(one) } : one));
}

function received(
  { lines }: OrderReturn,
  units: readonly LineQuantity[],
): Pick<OrderReturn, "lines" | "status"> {
  const after = lines.map((line) => ({
    ...line,
    received: line.received + sumOf(units, line.lineId),
  }));
  const isWhole = after.every((line) => line.received === line.quantity);
  return { lines: after, status: isWhole ? "RECEIVED" : "APPROVED" };
}

/** What happens to an order's goods. */
export const fulfilmentFolds = {
  OrderShipped: ({ lines, shipments }, { shipmentId, tracking, shippedAt, lines: goods }) => ({
    lines: addedUnits(lines, goods, "shipped"),
    shipments: [
      ...shipments,
      {
        shipmentId,
        tracking,
        lines: goods.map(({ lineId, quantity }) => ({ lineId, quantity })),
        shippedAt,
      },
    ],
  }),
  DeliveryConfirmed: ({ lines }, data) => ({ lines: addedUnits(lines, data.lines, "delivered") }),
  OrderLinesCancelled: ({ lines, money }, { lines: units, minor, owedMinor }) => ({
    lines: addedUnits(lines, units, "cancelled"),
    money: { ...money, cancelled: money.cancelled + minor, owed: money.owed + owedMinor },
  }),
  ReturnRequested: ({ lines, returns }, { returnId, reason, lines: units }) => ({
    lines: addedUnits(lines, units, "returnRequested"),
    returns: [
      ...returns,
      {
        returnId,
        status: "REQUESTED",
        reason,
        lines: units.map((line) => ({ ...line, received: 0 })),
      },
    ],
  }),
  ReturnApproved: ({ returns }, { returnId }) => ({
    returns: withReturn(returns, returnId, () => ({ status: "APPROVED" })),
  }),
  ReturnDeclined: ({ lines, returns }, { returnId }) => ({
    lines: addedUnits(
      lines,
      returns.find((one) => one.returnId === returnId)?.lines ?? [],
      "returnRequested",
      -1,
    ),
    returns: withReturn(returns, returnId, () => ({ status: "DECLINED" })),
  }),
  ReturnReceived: ({ lines, returns }, { returnId, lines: goods }) => ({
    lines: addedUnits(addedUnits(lines, goods, "returnRequested", -1), goods, "returned"),
    returns: withReturn(returns, returnId, (one) => received(one, goods)),
  }),
} satisfies Partial<Folds>;
