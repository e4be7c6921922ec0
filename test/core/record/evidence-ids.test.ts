import { expect, it } from "vitest";
import { evidenceIds } from "#core/record/evidence-ids.ts";

it.each([
  [[{ label: "report", url: "https://x/1", digest: "sha256:1", sha: "a" }], ["sha256:1"]],
  [
    [
      { label: "report", url: "https://x/1", sha: "a" },
      { label: "the same", url: "https://x/1" },
    ],
    ["https://x/1"],
  ],
  [
    [{ label: "commit", sha: "abc" }, { label: "word of mouth" }],
    ["commit@abc", "word of mouth"],
  ],
  [
    Array.from({ length: 150 }, (_, index) => ({ label: String(index) })),
    Array.from({ length: 100 }, (_, index) => String(index)),
  ],
])("evidence is named by what it is found again by: %o", (evidence, ids) => {
  expect(evidenceIds(evidence)).toEqual(ids);
});
