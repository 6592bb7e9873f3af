/** A field that is not the same in two states; what is absent in one of them is null there. */
export interface ChangedPath {
  /** Such as `lines[0].shipped`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every leaf that differs between two values of plain JSON, in the order of their keys. */
export function changedPaths(before: unknown, after: unknown, path = ""): ChangedPath[] {
  const [left, right] = [partsOf(before), partsOf(after)];
  if (left === null || right === null || Array.isArray(before) !== Array.isArray(after)) {
    const isSame = JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
    return isSame ? [] : [{ path, before: before ?? null, after: after ?? null }];
  }
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.flatMap((key) => {
    const name = Array.isArray(before) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    return changedPaths(left.get(key), right.get(key), name);
  });
}

function partsOf(value: unknown): Map<string, unknown> | null {
  return value !== null && typeof value === "object" ? new Map(Object.entries(value)) : null;
}
