/** What `extends` names: a preset of ours, or a file of a repository. */
export type Extends = { readonly kind: "preset"; readonly name: string } | NamedFile;

/** A file of a repository, at a branch, a tag or a commit. */
export interface NamedFile {
  readonly kind: "file";
  readonly owner: string;
  readonly repository: string;
  readonly path: string;
  readonly ref: string;
}

/** Reads `gatehouse:<name>` or `org/repo:path@ref`; null for anything else. */
export function parseExtends(text: string): Extends | null {
  const preset = /^gatehouse:([a-z][a-z0-9-]*)$/.exec(text);
  if (preset?.[1] !== undefined) return { kind: "preset", name: preset[1] };
  const file = /^([A-Za-z0-9][A-Za-z0-9_.-]*)\/([A-Za-z0-9_.-]+):([^\s@:]+)@(\S+)$/.exec(text);
  if (file === null) return null;
  const [, owner = "", repository = "", path = "", ref = ""] = file;
  if (path.startsWith("/") || path.split("/").includes("..")) return null;
  return { kind: "file", owner, repository, path, ref };
}
