import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTrees } from "../src/git/compare.ts";
import { unifiedPatch } from "../src/git/diff.ts";
import { commitsBetween, mergeBase } from "../src/git/history.ts";
import { mergeText, mergeTrees } from "../src/git/merge.ts";
import {
  createObjectStore,
  writeBlob,
  writeCommit,
  writeTree,
  type Commit,
  type Files,
  type ObjectStore,
} from "../src/git/objects.ts";

const lines = fc
  .array(fc.constantFrom("a", "b", "c", "d", ""), { maxLength: 30 })
  .map((list) => list.map((line) => `${line}\n`).join(""));

/** Applies a unified patch as `git apply` would, strictly. */
function apply(before: string, patch: string): string {
  const source = before === "" ? [] : before.replace(/\n$/, "").split("\n");
  const out: string[] = [];
  let at = 0;
  for (const line of patch === "" ? [] : patch.split("\n")) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$/.exec(line);
    if (header !== null) {
      const start = Number(header[1]) - (header[2] === "0" ? 0 : 1);
      out.push(...source.slice(at, start));
      at = start;
      continue;
    }
    if (line.startsWith("+")) out.push(line.slice(1));
    else {
      expect(source[at]).toBe(line.slice(1));
      if (line.startsWith(" ")) out.push(line.slice(1));
      at++;
    }
  }
  out.push(...source.slice(at));
  return out.map((line) => `${line}\n`).join("");
}

function files(store: ObjectStore, contents: Readonly<Record<string, string>>): Files {
  return new Map(
    Object.entries(contents).map(([path, text]) => [
      path,
      { sha: writeBlob(store, text), mode: "100644" as const },
    ]),
  );
}

function commit(
  store: ObjectStore,
  contents: Readonly<Record<string, string>>,
  parents: readonly Commit[],
): Commit {
  const who = { name: "Ada", email: "ada@example.com", date: 1_700_000_000_000 };
  return writeCommit(store, {
    files: files(store, contents),
    parents: parents.map(({ sha }) => sha),
    message: `${JSON.stringify(contents)}\n`,
    author: who,
    committer: who,
    verified: false,
  });
}

describe("git objects", () => {
  it("hash as git hashes", () => {
    const store = createObjectStore();
    expect(writeBlob(store, "hello\n")).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
    expect(writeTree(store, new Map())).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    expect(writeTree(store, files(store, { "a/b.txt": "hello\n", "a.txt": "hello\n" }))).toBe(
      "e9d00327ba627626531609529f87f79a0b097ba5",
    );
  });
});

describe("diffs", () => {
  it("turn the one text into the other", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const patch = unifiedPatch(before, after);
        expect(apply(before, patch.text)).toBe(after);
        expect(after.split("\n").length - before.split("\n").length).toBe(
          patch.additions - patch.deletions,
        );
      }),
    );
  });

  it("have three lines of context and one hunk per neighbourhood", () => {
    const before = Array.from({ length: 30 }, (_, line) => `${line}\n`).join("");
    const after = before.replace("\n5\n", "\nfive\n").replace("\n25\n", "\n");
    expect(unifiedPatch(before, after)).toEqual({
      additions: 1,
      deletions: 2,
      text: "@@ -3,7 +3,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -23,7 +23,6 @@\n 22\n 23\n 24\n-25\n 26\n 27\n 28",
    });
  });

  it("take a text with more than a thousand changed lines as replaced, and one that comes as all new", () => {
    const before = Array.from({ length: 1500 }, (_, line) => `${line}\n`).join("");
    const after = before.replaceAll("\n", "!\n").replace("700!", "700");
    const patch = unifiedPatch(before, after);
    expect(patch).toMatchObject({ additions: 1500, deletions: 1500 });
    expect(patch.text.startsWith("@@ -1,1500 +1,1500 @@\n-0\n")).toBe(true);
    expect(apply(before, patch.text)).toBe(after);
    expect(unifiedPatch("", "a\nb\n").text).toBe("@@ -0,0 +1,2 @@\n+a\n+b");
    expect(unifiedPatch("a\n", "").text).toBe("@@ -1 +0,0 @@\n-a");
  });

  it("say when the last line does not end", () => {
    expect(unifiedPatch("a", "b").text).toBe(
      "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file",
    );
    expect(mergeText("a", "b", "a")).toBe("b");
  });

  it("see renames, exact and with changes, and count lines once", () => {
    const store = createObjectStore();
    const text = "1\n2\n3\n4\n5\n6\n";
    const changes = compareTrees(
      store,
      files(store, { "old.ts": text, "same.ts": "x\n", "gone.ts": "bye\n" }),
      files(store, {
        "new.ts": text.replace("3", "three"),
        "moved.ts": "x\n",
        "fresh.ts": "new\n",
      }),
    );
    expect(
      changes.map(({ path, previous, status, additions, deletions }) => [
        path,
        previous,
        status,
        additions,
        deletions,
      ]),
    ).toEqual([
      ["fresh.ts", null, "added", 1, 0],
      ["gone.ts", null, "removed", 0, 1],
      ["moved.ts", "same.ts", "renamed", 0, 0],
      ["new.ts", "old.ts", "renamed", 1, 1],
    ]);
  });
});

describe("merges", () => {
  it("of a changed side with an unchanged one are the changed side", () => {
    fc.assert(
      fc.property(lines, lines, (base, ours) => {
        expect(mergeText(base, ours, base)).toBe(ours);
        expect(mergeText(base, base, ours)).toBe(ours);
        expect(mergeText(base, ours, ours)).toBe(ours);
      }),
    );
  });

  it.each([
    {
      name: "changes far apart",
      base: "1\n2\n3\n4\n5\n",
      ours: "one\n2\n3\n4\n5\n",
      theirs: "1\n2\n3\n4\nfive\n",
      merged: "one\n2\n3\n4\nfive\n",
    },
    { name: "the same line twice", base: "1\n", ours: "a\n", theirs: "b\n", merged: null },
    { name: "neighbouring lines", base: "1\n2\n", ours: "a\n2\n", theirs: "1\nb\n", merged: null },
  ])("of $name", ({ base, ours, theirs, merged }) => {
    expect(mergeText(base, ours, theirs)).toBe(merged);
  });

  it("of a deletion against a change conflict", () => {
    const store = createObjectStore();
    expect(
      mergeTrees(store, files(store, { a: "1\n" }), files(store, {}), files(store, { a: "2\n" })),
    ).toBeNull();
  });
});

describe("history", () => {
  it("finds the merge base of branches that were merged before", () => {
    const store = createObjectStore();
    const root = commit(store, { a: "1" }, []);
    const left = commit(store, { a: "2" }, [root]);
    const right = commit(store, { a: "1", b: "1" }, [root]);
    const merge = commit(store, { a: "2", b: "1" }, [left, right]);
    const later = commit(store, { a: "2", b: "2" }, [right]);
    expect(mergeBase(store, merge.sha, later.sha)).toBe(right.sha);
    expect(mergeBase(store, left.sha, right.sha)).toBe(root.sha);
    expect(
      commitsBetween(store, root.sha, merge.sha)
        .map(({ sha }) => sha)
        .toSorted(),
    ).toEqual([left.sha, right.sha, merge.sha].toSorted());
    expect(commitsBetween(store, left.sha, merge.sha).map(({ sha }) => sha)).toEqual([
      right.sha,
      merge.sha,
    ]);
  });
});
