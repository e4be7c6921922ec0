import { emptySection } from "../docs/generated.ts";
import type { RuleName } from "./names.ts";

/** A requirement that works as it stands: it counts changed files. What it asks for is then changed into what is wanted. */
export const ruleText = (name: RuleName): string => `import { z } from "zod";
import { changedFiles } from "#core/facts/pull-request.ts";
import { fail, pass } from "#core/model/verdict.ts";
import { count } from "#core/text/phrases.ts";
import { lessIsTighter } from "../kit/direction.ts";
import { defineRule } from "../kit/rule.ts";

const params = z.strictObject({
  at_most: z.int().min(0).default(10).describe("How many files may be changed."),
});
type Params = z.output<typeof params>;

export const ${name.export} = defineRule<Params>({
  name: "${name.key}",
  summary: "Not more files are changed than allowed.",
  appliesTo: ["pull_request"],
  params,
  needs: () => [changedFiles],
  judge: ({ params }, ask) => {
    const files = ask(changedFiles.need());
    if (files === undefined) return undefined;
    const found = count(files.length, "changed file");
    const required = requiredOf(params);
    if (files.length <= params.at_most) return pass({ found, required });
    return fail({ found, required, need: \`\${found} > \${params.at_most}\`, next: "The author splits the pull request." });
  },
  compare: (organization, repository) => lessIsTighter(organization.at_most, repository.at_most),
  describe: requiredOf,
});

function requiredOf(params: Params): string {
  return \`at most \${count(params.at_most, "changed file")}\`;
}
`;

export const testText = (name: RuleName): string => `import { describe, expect, it } from "vitest";
import { changedFiles } from "#core/facts/pull-request.ts";
import { ${name.export} } from "#core/rules/${name.file}/rule.ts";
import { aFile, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

const files = (...paths: readonly string[]) => factsOf(tell(changedFiles.need(), paths.map((path) => aFile(path))));

describe("${name.key}", () => {
  it.each([
    { params: { at_most: 2 }, kind: "pass", found: "2 changed files" },
    { params: { at_most: 1 }, kind: "fail", found: "2 changed files" },
    { params: {}, kind: "pass", found: "2 changed files" },
  ])("two files under $params: $kind", ({ params, kind, found }) => {
    expect(judge(${name.export}, params, files("a.ts", "b.ts"))).toMatchObject({ kind, found });
  });

  it.each([
    { ours: 10, theirs: 5, is: "tighter" },
    { ours: 10, theirs: 20, is: "looser" },
    { ours: 10, theirs: 10, is: "same" },
  ])("a repository's $theirs against the organisation's $ours is $is", ({ ours, theirs, is }) => {
    expect(${name.export}.compare({ at_most: ours }, { at_most: theirs })).toBe(is);
  });
});
`;

export const pageText = (name: RuleName): string => `# \`${name.key}\`

${emptySection("requirement")}
## Example

\`\`\`yaml
version: 1
rules:
  - name: ${name.file}
    require:
      ${name.key}: { at_most: 20 }
\`\`\`

## Details

- A renamed file counts once.
`;
