import type { RequestError } from "../graphql/request.ts";

/** Why nothing can be shown, or nothing newer; nothing when all is well. */
export function Problem({ error }: { readonly error: RequestError | null }) {
  if (error === null) return null;
  return (
    <p className="problem" role="alert">
      {error.message} <code>{error.code}</code>
    </p>
  );
}
