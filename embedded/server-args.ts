/** Puts our arguments before those of the caller, leaving out what the caller sets too. */
export function withDefaults(
  defaults: readonly (readonly [flag: string, value?: string])[],
  extraArgs: readonly string[],
): string[] {
  const given = new Set(extraArgs.map((arg) => arg.split("=", 1)[0]));
  const ours = defaults.filter(([flag]) => !given.has(flag));
  const words = ours.flatMap(([flag, value]) => (value === undefined ? [flag] : [flag, value]));
  return [...words, ...extraArgs];
}
