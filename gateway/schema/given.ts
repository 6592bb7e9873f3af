/** What was said, without what was left out or said to be null. */
export function given<Fields extends object>(
  fields: Fields,
): { readonly [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  const said = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said) as { [Key in keyof Fields]?: NonNullable<Fields[Key]> };
}
