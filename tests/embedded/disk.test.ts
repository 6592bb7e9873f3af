import { execFileSync } from "node:child_process";
import { open, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, type TestContext } from "vitest";
import { disposeLater, testFolder } from "../support/servers.ts";
import { serverKinds } from "./start-options.ts";

describe.each(serverKinds)("$name", ({ start }) => {
  test("says that the disk is full, and starts when there is room", async (context) => {
    const disk = await smallDisk(context, "64m");
    const filling = await fill(disk);
    await expect(start({ dataDir: disk })).rejects.toMatchObject({
      code: "DISK_FULL",
      message: expect.stringContaining(`The disk of ${disk} is full; free some space`) as string,
    });
    await filling.truncate();
    remount(disk, "size=1g");
    await start({ dataDir: disk });
  });

  test("says that the disk is read-only", async (context) => {
    const disk = await smallDisk(context, "1g");
    await (await start({ dataDir: disk })).stop();
    remount(disk, "ro");
    for (const dataDir of [disk, join(disk, "new")]) {
      await expect(start({ dataDir })).rejects.toMatchObject({
        code: "DISK_READ_ONLY",
        message: expect.stringContaining(`The disk of ${dataDir} is read-only`) as string,
      });
    }
    remount(disk, "rw");
    await start({ dataDir: disk });
  });

  test("says when its data folder is a file", async () => {
    const path = join(await testFolder(), "file");
    await (await open(path, "w")).close();
    await expect(start({ dataDir: path })).rejects.toMatchObject({ code: "DISK_NOT_WRITABLE" });
  });
});

test("mongod says that the disk is full when its first files do not fit", async (context) => {
  const disk = await smallDisk(context, "400k");
  await expect(serverKinds[0].start({ dataDir: disk })).rejects.toMatchObject({
    code: "DISK_FULL",
  });
});

/** Mounts a disk in memory until the test ends; skips the test where that is not permitted. */
async function smallDisk(context: TestContext, size: string): Promise<string> {
  const path = join(await testFolder(), "disk");
  await mkdir(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path], { stdio: "pipe" });
  } catch (thrown) {
    context.skip(`a tmpfs cannot be mounted here: ${String(thrown).split("\n")[0] ?? ""}`);
  }
  // Lazily, because a server of a failed test may still hold it for a moment.
  disposeLater(() => Promise.resolve(execFileSync("umount", ["--lazy", path])));
  return path;
}

function remount(path: string, option: string): void {
  execFileSync("mount", ["-o", `remount,${option}`, path]);
}

/** Fills a disk to its last byte; the answer gives the room back. */
async function fill(disk: string): Promise<{ truncate(): Promise<void> }> {
  const path = join(disk, "filling");
  const file = await open(path, "w");
  try {
    const block = Buffer.alloc(1_000_000);
    for (;;) await file.write(block);
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "ENOSPC" });
  } finally {
    await file.close();
  }
  return {
    truncate: async () => {
      const again = await open(path, "w");
      await again.close();
    },
  };
}
