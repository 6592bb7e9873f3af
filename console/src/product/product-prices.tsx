import { senderOf } from "../entity/history-list.tsx";
import { TimeMark } from "../format/time-mark.tsx";
import { spaced } from "../format/words.ts";
import { usePriceEvents } from "./use-price-events.ts";

interface ProductPricesProps {
  readonly id: string;
  readonly version: number;
  readonly fractionDigits: number;
}

/** Every price that was set or planned, when and by whom. */
export function ProductPrices({ id, version, fractionDigits }: ProductPricesProps) {
  const { entries, isCut } = usePriceEvents(id, version);
  return (
    <>
      <table className="table">
        <caption className="unseen">Prices</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col" className="number">
              Price
            </th>
            <th scope="col">How</th>
            <th scope="col">By whom</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.event?.id}>
              <td data-label="When">
                <TimeMark at={entry.at} />
              </td>
              <td data-label="Price" className="number">
                {priceText(entry.event?.data, fractionDigits)}
              </td>
              <td data-label="How">{spaced(entry.event?.type ?? "")}</td>
              <td data-label="By whom">{senderOf(entry)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isCut && <p className="dim">Older prices lie behind the latest thousand events.</p>}
    </>
  );
}

/** The price in an event's data: whole minor units, as a decimal. */
function priceText(data: unknown, fractionDigits: number): string {
  const { price } = data as { price?: { minor: number; currency: string } };
  if (price === undefined) return "";
  const digits = String(price.minor).padStart(fractionDigits + 1, "0");
  const point = digits.length - fractionDigits;
  const decimal =
    fractionDigits === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${decimal} ${price.currency}`;
}
