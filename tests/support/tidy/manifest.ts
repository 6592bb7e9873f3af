import type { Fault, Repo } from "./repo.ts";

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages?: Readonly<
    Record<string, { readonly resolved?: string; readonly link?: boolean }>
  >;
}

/** Every package.json pins every dependency to one version. */
export function exactVersions(repo: Repo): readonly Fault[] {
  return ["package.json", "console/package.json"].flatMap((path) => versionsIn(repo, path));
}

function versionsIn(repo: Repo, path: string): readonly Fault[] {
  const manifest = JSON.parse(repo.texts.get(path) ?? "{}") as Manifest;
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  return all
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => {
      const advice = `${name} is "${version}": pin one version (npm install --save-exact)`;
      return { path, line: 1, advice };
    });
}

/** The lock file names packages and checksums, and no registry. */
export function lockFile(repo: Repo): readonly Fault[] {
  const path = "package-lock.json";
  const text = repo.texts.get(path);
  if (text === undefined) return [{ path, line: 1, advice: "commit the lock file" }];
  const lock = JSON.parse(text) as LockFile;
  return Object.entries(lock.packages ?? {})
    .filter(([, entry]) => entry.resolved !== undefined && entry.link !== true)
    .map(([name]) => {
      const advice = `${name} has "resolved": keep omit-lockfile-registry-resolved in .npmrc`;
      return { path, line: 1, advice };
    });
}
