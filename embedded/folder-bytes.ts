import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** The bytes of all files under a folder; files that vanish meanwhile count nothing. */
export async function folderBytes(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(async (file) => {
    const info = await stat(join(file.parentPath, file.name)).catch(() => undefined);
    return info?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
