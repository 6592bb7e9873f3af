import { moneyText } from "../format/money.ts";
import type { RevenueResult } from "../generated/documents.ts";

/** The heads of the cells below. */
export function RevenueHeads() {
  return (
    <>
      <th scope="col" className="number">
        Gross
      </th>
      <th scope="col" className="number">
        Refunds
      </th>
      <th scope="col" className="number">
        Net
      </th>
    </>
  );
}

/** What was captured, what was paid back, and what is left of it: three cells of a row. */
export function RevenueCells({ gross, refunds, net }: RevenueResult["revenueReport"]["total"]) {
  return (
    <>
      <td data-label="Gross" className="number">
        {moneyText(gross)}
      </td>
      <td data-label="Refunds" className="number">
        {moneyText(refunds)}
      </td>
      <td data-label="Net" className="number">
        {moneyText(net)}
      </td>
    </>
  );
}
