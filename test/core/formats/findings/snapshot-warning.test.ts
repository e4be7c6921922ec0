import { expect, it } from "vitest";
import { readSnapshotWarning } from "#core/formats/findings/github/snapshot-warning.ts";

const none = "No snapshots were found for the head SHA 0123abc.";
const counts = (base: number, head: number): string =>
  `The number of snapshots compared for the base SHA (${base}) and the head SHA (${head}) do not match. You may see unexpected additions in the diff.`;

it.each([
  [none, "none"],
  [` ${none}\n`, "none"],
  [counts(0, 1), "differ"],
  [counts(2, 1), "differ"],
  [`${none} ${counts(2, 1)}`, "differ"],
  [`${none} Something else.`, "other"],
  ["No snapshots were found for the base SHA 0123abc.", "other"],
  ["<h1>", "other"],
])("%j says %s", (text, kind) => {
  expect(readSnapshotWarning(text)?.kind).toBe(kind);
});

it("nothing is no warning", () => {
  expect(readSnapshotWarning(" ")).toBeNull();
});
