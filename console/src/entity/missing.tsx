import { Link } from "../routing/link.tsx";

interface MissingProps {
  readonly entity: "order" | "product";
  readonly id: string;
}

/** For an id that nothing has, or nothing that may be seen. */
export function Missing({ entity, id }: MissingProps) {
  return (
    <section className="notice">
      <h1>There is no such {entity}</h1>
      <p>
        Nothing has the id <code>{id}</code>, or it is not yours to see. All that there is stands in
        the <Link to={`${entity}s`}>list of {entity}s</Link>.
      </p>
    </section>
  );
}
