/** Every stage of an explained query or pipeline, such as IXSCAN, wherever it stands. */
export function stagesOf(plan: unknown): string[] {
  if (plan === null || typeof plan !== "object") return [];
  return Object.entries(plan).flatMap(([key, value]: [string, unknown]) => {
    // A plan that was not taken says nothing.
    if (key === "rejectedPlans") return [];
    return key === "stage" && typeof value === "string" ? [value] : stagesOf(value);
  });
}
