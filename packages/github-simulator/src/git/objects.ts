import { createHash } from "node:crypto";

export type Mode = "100644" | "100755" | "120000" | "160000";

/** A file of a tree: blob SHA (commit SHA for a submodule) and git mode. */
export interface Entry {
  readonly sha: string;
  readonly mode: Mode;
}

/** All files of a commit by full path. Directories are derived, as git derives them. */
export type Files = ReadonlyMap<string, Entry>;

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Epoch milliseconds. */
  readonly date: number;
}

export interface Commit {
  readonly sha: string;
  readonly files: Files;
  readonly treeSha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
  readonly verified: boolean;
}

export interface TreeNode {
  readonly path: string;
  readonly mode: Mode | "040000";
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
}

function objectSha(kind: string, content: Buffer): string {
  return createHash("sha1").update(`${kind} ${content.length}\0`).update(content).digest("hex");
}

/** Git objects of all repositories in one place, as a fork network shares them. Hashes are git's own. */
export interface ObjectStore {
  readonly blobs: Map<string, Buffer>;
  readonly trees: Map<string, readonly TreeNode[]>;
  readonly commits: Map<string, Commit>;
}

export function createObjectStore(): ObjectStore {
  return { blobs: new Map(), trees: new Map(), commits: new Map() };
}

export function writeBlob(store: ObjectStore, content: string | Buffer): string {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  const sha = objectSha("blob", bytes);
  store.blobs.set(sha, bytes);
  return sha;
}

interface Directory {
  readonly files: Map<string, Entry>;
  readonly directories: Map<string, Directory>;
}

function toDirectories(files: Files): Directory {
  const root: Directory = { files: new Map(), directories: new Map() };
  for (const [path, entry] of files) {
    const parts = path.split("/");
    const name = parts.pop() ?? path;
    let at = root;
    for (const part of parts) {
      let next = at.directories.get(part);
      if (next === undefined) {
        next = { files: new Map(), directories: new Map() };
        at.directories.set(part, next);
      }
      at = next;
    }
    at.files.set(name, entry);
  }
  return root;
}

function writeDirectory(store: ObjectStore, directory: Directory): string {
  const nodes: TreeNode[] = [];
  for (const [name, child] of directory.directories) {
    nodes.push({ path: name, mode: "040000", type: "tree", sha: writeDirectory(store, child) });
  }
  for (const [name, entry] of directory.files) {
    nodes.push({
      path: name,
      mode: entry.mode,
      type: entry.mode === "160000" ? "commit" : "blob",
      sha: entry.sha,
    });
  }
  // Git sorts a directory as if its name ended in a slash.
  const key = (node: TreeNode): string => (node.type === "tree" ? `${node.path}/` : node.path);
  nodes.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const parts = nodes.flatMap((node) => [
    Buffer.from(`${node.mode === "040000" ? "40000" : node.mode} ${node.path}\0`, "utf8"),
    Buffer.from(node.sha, "hex"),
  ]);
  const sha = objectSha("tree", Buffer.concat(parts));
  store.trees.set(sha, nodes);
  return sha;
}

export function writeTree(store: ObjectStore, files: Files): string {
  return writeDirectory(store, toDirectories(files));
}

function stamp(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${Math.floor(signature.date / 1000)} +0000`;
}

/** Stores a commit; `verified` adds a signature block, so that signed and unsigned commits differ in SHA as in git. */
export function writeCommit(store: ObjectStore, input: Omit<Commit, "sha" | "treeSha">): Commit {
  const treeSha = writeTree(store, input.files);
  const text = [
    `tree ${treeSha}`,
    ...input.parents.map((parent) => `parent ${parent}`),
    `author ${stamp(input.author)}`,
    `committer ${stamp(input.committer)}`,
    ...(input.verified ? ["gpgsig simulated"] : []),
    "",
    input.message,
  ].join("\n");
  const commit: Commit = { ...input, treeSha, sha: objectSha("commit", Buffer.from(text, "utf8")) };
  store.commits.set(commit.sha, commit);
  return commit;
}

export function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8000).includes(0);
}
