import { describe, expect, it } from "vitest";
import { uploadsOf, type Uploads } from "#core/rules/tests/uploading-jobs.ts";

const upload = (name?: string): string =>
  `- uses: actions/upload-artifact@v4${name === undefined ? "" : `\n        with: { name: "${name}" }`}`;
const job = (key: string, steps: string, more = ""): string =>
  `  ${key}:\n${more}    steps:\n      ${steps}\n`;
const isReport = (name: string): boolean => name.startsWith("junit");

const says = (jobs: string, name: string): Uploads | undefined =>
  uploadsOf(`on: push\njobs:\n${jobs}`, [name], isReport).get(name);

describe("whether a report hangs on a job", () => {
  const unit = job("unit", upload("junit-unit"));
  it.each<[string, string, string, Uploads]>([
    ["it uploads one", unit, "unit", "yes"],
    ["it is another job", unit + job("links", "- run: lychee"), "links", "no"],
    ["it uploads something else", job("site", upload("pages")), "site", "no"],
    ["an artifact without a name is no report", job("site", upload()), "site", "no"],
    ["a name that is made when it runs", job("a", upload("${{ matrix.x }}")), "a", "unknown"],
    ["an action of the repository", job("a", "- uses: ./.github/actions/test"), "a", "unknown"],
    ["an action that speaks of reports", job("a", "- uses: acme/junit-it@v1"), "a", "unknown"],
    ["an action that does not", job("a", "- uses: acme/links@v1"), "a", "no"],
    ["downloading is no upload", job("a", "- uses: actions/download-artifact@v4"), "a", "no"],
    ["a called workflow", "  a:\n    uses: ./.github/workflows/t.yml\n", "a / unit", "unknown"],
    ["a job that is not in the file", unit, "other", "unknown"],
    ["a text that is no workflow", "  a: [", "a", "unknown"],
    ["one of a matrix", unit, "unit (20, linux)", "yes"],
    ["by its name", job("u", upload("junit"), "    name: Unit tests\n"), "Unit tests", "yes"],
    [
      "by a name with an expression",
      job("u", upload("junit"), "    name: Unit ${{ matrix.os }}\n"),
      "Unit linux",
      "yes",
    ],
    [
      "a job that uploads needs it, by another",
      job("build", "- run: make") +
        job("pack", "- run: make", "    needs: [build]\n") +
        job("unit", upload("junit"), "    needs: pack\n"),
      "build",
      "yes",
    ],
    [
      "what it needs itself says nothing",
      unit + job("a", "- run: x", "    needs: unit\n"),
      "a",
      "no",
    ],
  ])("%s", (_title, jobs, name, answer) => {
    expect(says(jobs, name)).toBe(answer);
  });
});
