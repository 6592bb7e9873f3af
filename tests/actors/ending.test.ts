import { describe, expect, test } from "vitest";
import { Ending } from "../../actors/ending.ts";

describe("an ending", () => {
  test("is waited for by many with one listener, and lets all of them go", async () => {
    const controller = new AbortController();
    let listeners = 0;
    const add = controller.signal.addEventListener.bind(controller.signal);
    controller.signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    const ending = new Ending(controller.signal);
    const never = new Promise<string>(() => undefined);
    const waits = Array.from({ length: 500 }, () => ending.orEnd(never));
    const sleeps = Array.from({ length: 500 }, () => ending.sleep(3_600_000));
    controller.abort();
    expect(new Set(await Promise.all(waits))).toEqual(new Set([null]));
    await Promise.all(sleeps);
    expect(listeners).toBe(1);
    expect(await ending.orEnd(Promise.resolve("late"))).toBeNull();
  });

  test("changes nothing about work that ends before it", async () => {
    const ending = new Ending(new AbortController().signal);
    expect(await ending.orEnd(Promise.resolve("done"))).toBe("done");
    await expect(ending.orEnd(Promise.reject(new Error("no")))).rejects.toThrow("no");
    await ending.sleep(1);
  });
});
