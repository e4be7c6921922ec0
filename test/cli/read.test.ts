import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UnusableInput, type Answer } from "../../src/cli/answer.ts";
import { read } from "../../src/cli/commands/read.ts";

const lcov = "TN:\r\nSF:src/a.ts\r\nDA:1,1\r\nDA:2,0\r\nend_of_record\r\n";
const sarif = JSON.stringify({
  version: "2.1.0",
  runs: [
    {
      tool: { driver: { name: "Grype" } },
      results: [
        {
          ruleId: "CVE-2024-1",
          message: { text: "x" },
          properties: { "security-severity": "9.1" },
        },
      ],
    },
  ],
});
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-read-"));
  const files: Readonly<Record<string, string | Buffer>> = {
    "lcov.info": lcov,
    "utf16.info": utf16(lcov),
    "empty.info": "",
    "cut.info": lcov.slice(0, lcov.indexOf("end_of_record")),
    "page.xml": "<!DOCTYPE html><html><body>404</body></html>",
    "lcov.info.gz": gzipSync(lcov),
    "zero.info": "SF:src/a.ts\nend_of_record\n",
    "a.sarif": sarif,
    "utf16.sarif": utf16(sarif),
    "empty.sarif": "",
    "cut.sarif": sarif.slice(0, -20),
    "page.json": "<html><body>502</body></html>",
    "a.sarif.gz": gzipSync(sarif),
    "nobody.json": '{"hello":"world"}',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, "reports"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ask = async (kind: string, ...names: readonly string[]): Promise<Answer> => {
  const answer = await read().run([kind, names.map((name) => join(folder, name))], {});
  if (answer === null) throw new Error("no answer");
  return answer;
};

const covered = { format: "lcov", covered: 1, valid: 2, percent: 50, files: 1 };
const critical = {
  tool: "grype",
  results: 1,
  critical: 1,
  high: 0,
  medium: 0,
  low: 0,
  unrated: 0,
  suppressed: 0,
};

describe("gatehouse read", () => {
  it("answers one row a file, in the order asked, whatever the encoding and the line ends", async () => {
    expect(await ask("coverage", "utf16.info", "lcov.info")).toMatchObject({
      exitCode: 0,
      troubles: [],
      json: [
        { file: join(folder, "utf16.info"), ...covered },
        { file: join(folder, "lcov.info"), ...covered },
      ],
    });
    expect(await ask("findings", "utf16.sarif", "a.sarif")).toMatchObject({
      exitCode: 0,
      json: [
        { file: join(folder, "utf16.sarif"), ...critical },
        { file: join(folder, "a.sarif"), ...critical },
      ],
    });
  });

  it("reads the others where one cannot be used, says which and why, and is no success", async () => {
    const coverage = await ask("coverage", "lcov.info", "cut.info", "absent.info", "lcov.info");
    expect(coverage).toMatchObject({
      exitCode: 1,
      json: [
        covered,
        { error: expect.stringContaining("cut off") },
        { error: expect.stringContaining("no such file") },
        covered,
      ],
    });
    expect(coverage.troubles).toEqual([
      expect.stringContaining(join(folder, "cut.info")),
      expect.stringContaining(join(folder, "absent.info")),
    ]);
    const findings = await ask("findings", "nobody.json", "a.sarif");
    expect(findings).toMatchObject({
      exitCode: 1,
      json: [{ error: expect.stringContaining("let the scanner write SARIF") }, critical],
      troubles: [expect.stringContaining(join(folder, "nobody.json"))],
    });
  });

  it.each([
    ["coverage", "empty.info", "empty"],
    ["coverage", "cut.info", "cut off"],
    ["coverage", "page.xml", 'root "html"'],
    ["coverage", "lcov.info.gz", "unpack it"],
    ["coverage", "a.sarif", "no coverage report"],
    ["coverage", "reports", "directory"],
    ["coverage", "absent.info", "no such file"],
    ["findings", "empty.sarif", "empty"],
    ["findings", "cut.sarif", "cut off"],
    ["findings", "page.json", "web page"],
    ["findings", "a.sarif.gz", "unpack it"],
    ["findings", "nobody.json", "neither SARIF 2.1.0 nor the JSON of a known scanner"],
    ["findings", "reports", "directory"],
    ["findings", "absent.sarif", "no such file"],
  ])("T24: %s of %s alone is unusable input", async (kind, name, reason) => {
    const answer = await ask(kind, name);
    expect(answer).toMatchObject({
      exitCode: 2,
      json: [{ file: join(folder, name), error: expect.stringContaining(reason) }],
      troubles: [expect.stringContaining(join(folder, name))],
    });
  });

  it("T24: 0 of 0 has no percentage", async () => {
    expect(await ask("coverage", "zero.info")).toMatchObject({
      json: [{ covered: 0, valid: 0, percent: null }],
    });
  });

  it("refuses another kind", async () => {
    await expect(async () => ask("licences", "lcov.info")).rejects.toThrow(UnusableInput);
  });
});
