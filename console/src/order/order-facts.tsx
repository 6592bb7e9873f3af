import { CommandList } from "../commands/command-list.tsx";
import { OrderMoney } from "./order-money.tsx";
import { OrderPeople } from "./order-people.tsx";
import { targetOf, type OrderView } from "./order-query.ts";
import { OrderState } from "./order-state.tsx";

interface OrderFactsProps {
  readonly shown: OrderView;
  readonly now: OrderView;
  /** Gets the version that a command has led to; null for a refused one. */
  readonly onDone: (version: number | null) => void;
}

/** An order beside its timeline: its state, its money, and what can be done with it. */
export function OrderFacts({ shown, now, onDone }: OrderFactsProps) {
  const isPast = shown.version < now.version;
  return (
    <>
      <section className="card" aria-labelledby="stands">
        <h2 id="stands">{isPast ? "Where it stood then" : "Where it stands"}</h2>
        <OrderState order={shown} />
        <OrderPeople order={shown} />
      </section>
      <section className="card" aria-labelledby="money">
        <h2 id="money">Money</h2>
        <OrderMoney shown={shown} now={isPast ? now : null} />
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
