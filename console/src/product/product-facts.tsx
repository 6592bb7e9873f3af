import { CommandList } from "../commands/command-list.tsx";
import { WhereItStands } from "../entity/where-it-stands.tsx";
import { moneyText } from "../format/money.ts";
import { TimeMark } from "../format/time-mark.tsx";
import { ProductReservations } from "./product-reservations.tsx";
import { ProductStock } from "./product-stock.tsx";
import { targetOf, type ProductView } from "./product-query.ts";
import { ProductPrices } from "./product-prices.tsx";

interface ProductFactsProps {
  readonly shown: ProductView;
  readonly now: ProductView;
  /** Gets the version that a command has led to; null for a refused one. */
  readonly onDone: (version: number | null) => void;
}

/** A product beside its timeline: its state, stock, prices, reservations and commands. */
export function ProductFacts({ shown, now, onDone }: ProductFactsProps) {
  const isPast = shown.version < now.version;
  const { price, scheduledPrice, category, description } = shown;
  return (
    <>
      <section className="card" aria-labelledby="stands">
        <h2 id="stands">{isPast ? "Where it stood then" : "Where it stands"}</h2>
        <WhereItStands state={shown.state}>
          <p>
            Price {moneyText(price)}, category {category}
          </p>
          {scheduledPrice !== null && (
            <p>
              From <TimeMark at={scheduledPrice.effectiveAt} /> on {moneyText(scheduledPrice.price)}
            </p>
          )}
          {description !== "" && <p>{description}</p>}
        </WhereItStands>
      </section>
      <section className="card" aria-labelledby="stock">
        <h2 id="stock">Stock</h2>
        <ProductStock shown={shown} now={isPast ? now : null} />
      </section>
      <section className="card" aria-labelledby="reservations">
        <h2 id="reservations">Open reservations and their orders</h2>
        <ProductReservations stock={shown.stock} />
      </section>
      <section className="card" aria-labelledby="prices">
        <h2 id="prices">Price history (latest first)</h2>
        <ProductPrices id={now.id} version={now.version} fractionDigits={price.fractionDigits} />
      </section>
      <section className="card" aria-labelledby="next">
        <h2 id="next">{isPast ? "What could happen next then" : "What can happen next"}</h2>
        <CommandList
          permissions={shown.allowedCommands}
          target={targetOf(shown)}
          isPast={isPast}
          onDone={onDone}
        />
      </section>
    </>
  );
}
