import { Link } from "./link.tsx";

/** For an address that leads nowhere. */
export function NotFound() {
  return (
    <section className="notice">
      <h1>There is no such page</h1>
      <p>
        Go to the <Link to="board">board</Link> or to the <Link to="orders">orders</Link>.
      </p>
    </section>
  );
}
