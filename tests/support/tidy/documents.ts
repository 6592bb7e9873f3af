import { posix } from "node:path";
import { faultsByLine, roomOf, type Fault, type Repo } from "./repo.ts";

const FRONT_SENTENCES_MIN = 3;
const FRONT_SENTENCES_MAX = 8;

/** Each room's index.ts opens by saying what it does, never does, and what breaks. */
export function frontComments(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const path of repo.sources.keys()) {
    if (!/^[a-z]+\/index\.ts$/.test(path)) continue;
    const text = repo.texts.get(path) ?? "";
    const comment = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1];
    const count = comment === undefined ? 0 : sentencesOf(comment);
    if (count >= FRONT_SENTENCES_MIN && count <= FRONT_SENTENCES_MAX) continue;
    const advice =
      `opens with ${String(count)} sentences of doc comment, ` +
      `needs ${String(FRONT_SENTENCES_MIN)} to ${String(FRONT_SENTENCES_MAX)}: ` +
      `what ${roomOf(path)} does, what it never does, what breaks if you change it`;
    faults.push({ path, line: 1, advice });
  }
  return faults;
}

function sentencesOf(comment: string): number {
  const prose = comment.replace(/^\s*\* ?/gm, "").trim();
  return prose.match(/[.!?]["')`]*(?=\s+["'(`]?[A-Z]|\s+`|\s*$)/g)?.length ?? 0;
}

const rooms =
  "actors|bench|cli|console|embedded|gateway|log|machines|payments|privacy|projections|tests";
const roomPath = new RegExp(`(?<![\\w./-])((?:${rooms})/[\\w./-]*[\\w/])`, "g");

/** docs/walk.md names files that exist. */
export function walkNames(repo: Repo): readonly Fault[] {
  const path = "docs/walk.md";
  const text = repo.texts.get(path);
  if (text === undefined) return [];
  return faultsByLine(path, text, (line) => {
    for (const [, name] of line.matchAll(roomPath)) {
      if (name !== undefined && !isInTree(repo, name)) {
        return `${name} does not exist: name the file that does this now`;
      }
    }
    return null;
  });
}

/** Links between documents lead to files that exist. */
export function documentLinks(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, text] of repo.texts) {
    if (!path.endsWith(".md")) continue;
    const judged = faultsByLine(path, text, (line) => {
      for (const [, link] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (link === undefined || /^([a-z]+:|#)/.test(link)) continue;
        const target = posix.join(posix.dirname(path), link.replace(/#.*$/, ""));
        if (!isInTree(repo, target)) return `link to ${target}, which does not exist: mend it`;
      }
      return null;
    });
    faults.push(...judged);
  }
  return faults;
}

function isInTree(repo: Repo, name: string): boolean {
  const bare = name.replace(/\/$/, "");
  if (repo.texts.has(bare) || repo.texts.has(`${bare}.ts`)) return true;
  return [...repo.texts.keys()].some((path) => path.startsWith(`${bare}/`));
}
