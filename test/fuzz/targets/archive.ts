import { performTask } from "#io/github/facts/evidence/parse-task.ts";
import type { FuzzTarget } from "../target.ts";
import { writeZip } from "../../io/github/facts/zip-writer.ts";
import { target as coverage } from "./coverage.ts";
import { target as junit } from "./junit.ts";
import { target as findings } from "./findings.ts";

const files = (name: string, from: FuzzTarget): Buffer =>
  writeZip(
    from.corpus
      .slice(0, 3)
      .map((data, index) => ({ name: `r/${index}.${name}`, data: Buffer.from(data) })),
  );

/** Artifacts as they are downloaded, through every task that opens them. */
export const target: FuzzTarget = {
  name: "archive",
  corpus: [
    files("xml", junit),
    files("info", coverage),
    files("sarif", findings),
    writeZip([
      { name: "coverage/" },
      { name: "coverage/lcov.info", data: "TN:\nSF:a\nDA:1,1\nend_of_record\n", stored: true },
    ]),
    writeZip([
      { name: "inner.zip", data: writeZip([{ name: "a.xml", data: "<testsuite/>" }]) },
      { name: "é/ü.json", data: "[]" },
    ]),
    writeZip([{ name: "big.xml", data: "<a>".repeat(400_000) }]),
    writeZip([]),
  ],
  read: async (input) => {
    const archive = { artifact: "scan-results", digest: null, bytes: input };
    const port = { tree: () => Promise.resolve(null), found: () => undefined };
    await performTask({ kind: "tests", archives: [archive] }, port);
    await performTask({ kind: "measure", archives: [archive], changed: null }, port);
    await performTask({ kind: "scan", archive }, port);
    await performTask({ kind: "digest", archive }, port);
  },
};
