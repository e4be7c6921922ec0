import { expect, it } from "vitest";
import { readCoverageFiles } from "#core/formats/coverage/read-files.ts";
import { anLcov } from "./fixtures.ts";

it("answers per file in the order given, errors beside figures", () => {
  const answers = readCoverageFiles([
    { file: "lcov.info", content: anLcov({ "a.ts": { 1: 1, 2: 0, 3: 0 }, "b.ts": {} }) },
    { file: "gone.xml", error: "gone.xml: no such file" },
    { file: "empty.xml", content: new Uint8Array() },
    { file: "declared.info", content: "SF:a\nDA:1,1\nLF:2\nLH:2\nend_of_record\n" },
    { file: "nothing.info", content: anLcov({ "a.ts": {} }) },
  ]);
  expect(answers).toEqual([
    { file: "lcov.info", format: "lcov", covered: 1, valid: 3, percent: 33.3333, files: 2 },
    { file: "gone.xml", error: "gone.xml: no such file" },
    { file: "empty.xml", error: "empty.xml: the file is empty" },
    {
      file: "declared.info",
      format: "lcov",
      covered: 1,
      valid: 1,
      percent: 100,
      files: 1,
      declared: { covered: 2, valid: 2 },
      warnings: ["the report declares 2 of 2, its lines say 1 of 1: the lines count"],
    },
    { file: "nothing.info", format: "lcov", covered: 0, valid: 0, percent: null, files: 1 },
  ]);
});
