/** What the tests look at in a history. */
export interface Entry {
  readonly version: number;
  readonly at: string;
  readonly command: string;
  readonly by: { readonly subject: string; readonly scope: string } | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly event: { readonly type: string; readonly data: Record<string, unknown> } | null;
  readonly refusal: { readonly code: string } | null;
}

export interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Entry }[];
  readonly pageInfo: Readonly<Record<string, unknown>>;
}

const fields = `{
  edges { cursor node {
    version at command commandId correlationId causationId by { subject scope }
    event { id type schemaVersion data } refusal { code message }
  } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`;
const signature =
  "($id: UUID!, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $afterVersion: Int)";
const given =
  "id: $id, first: $first, after: $after, last: $last, before: $before, " +
  "afterVersion: $afterVersion";

/** The query of one of the histories. */
export function historyQuery(name: string): string {
  return `query ${signature} { ${name}(${given}) ${fields} }`;
}

export const nodes = (page: Page | null): readonly Entry[] =>
  page?.edges.map(({ node }) => node) ?? [];
export const whatOf = ({ event, refusal }: Entry) => event?.type ?? refusal?.code;
