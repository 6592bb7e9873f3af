import { onTestFinished, TestRunner } from "vitest";

type Dispose = () => Promise<unknown>;

const disposals = new Set<Dispose>();

/**
 * Disposes of a thing when the running test ends, failed or not; outside a test (in `beforeAll`)
 * when the test file ends. Last opened, first disposed of.
 */
export function disposeLater(dispose: Dispose): void {
  const once = async () => {
    if (disposals.delete(once)) await dispose();
  };
  disposals.add(once);
  if (TestRunner.getCurrentTest()) onTestFinished(once);
}

/** Disposes of all that is still open; tests/support/setup.ts calls it after each file. */
export async function disposeAll(): Promise<void> {
  const failures: unknown[] = [];
  for (const dispose of [...disposals].reverse()) {
    await dispose().catch((thrown: unknown) => failures.push(thrown));
  }
  if (failures.length > 0)
    throw new AggregateError(failures, "not everything could be disposed of");
}
