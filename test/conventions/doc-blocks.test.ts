import { spawnSync } from "node:child_process";
import { Job } from "kubernetes-models/batch/v1/Job";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { fencesOf, type Fence } from "../../scripts/docs/markdown.ts";
import { policyTestsSchema } from "#core/simulate/policy-tests/schema.ts";
import { readSources } from "#io/health/read-sources.ts";
import { requireCheck } from "#core/render/set-up-steps.ts";
import { linesOf, wrongWith, type Written } from "./doc-commands.ts";
import { filesUnder, pages, read } from "./repository.ts";

const steps = z.array(
  z.union([z.looseObject({ uses: z.string() }), z.looseObject({ run: z.string() })]),
);
const levels = z.record(z.string(), z.enum(["read", "write", "none"]));

/** What a block of YAML that is no policy may be, by the key that only it has. */
const kinds: readonly (readonly [key: string, check: (data: unknown, text: string) => unknown])[] =
  [
    [
      "metrics",
      (_data, text) => expect(readSources(text, () => "set")).toMatchObject({ ok: true }),
    ],
    ["cases", (data) => policyTestsSchema.parse(data)],
    ["apiVersion", (data) => new Job(data as ConstructorParameters<typeof Job>[0]).validate()],
    [
      "jobs",
      (data) =>
        z
          .looseObject({
            jobs: z.record(
              z.string(),
              z.looseObject({ "runs-on": z.string(), steps, permissions: levels.optional() }),
            ),
          })
          .parse(data),
    ],
    ["steps", (data) => z.looseObject({ steps, permissions: levels.optional() }).parse(data)],
    // A job of GitLab's, under its own name.
    [
      "deploy",
      (data) =>
        z
          .object({
            deploy: z.looseObject({ stage: z.string(), script: z.array(z.string()).min(1) }),
          })
          .parse(data),
    ],
  ];

function checkYaml({ text }: Fence): void {
  const data: unknown = parse(text);
  const kind = kinds.find(([key]) => typeof data === "object" && data !== null && key in data);
  expect(kind?.[0], "a kind of YAML that is looked at").toBeDefined();
  kind?.[1](data, text);
}

/** Files that a page tells to write: "with `name`:" or "`name`:" before the block. */
function writtenBy(page: string): Written {
  const lines = read(page).split("\n");
  return new Map(
    fencesOf(read(page)).flatMap(({ line, text }) => {
      const before = lines.slice(0, line - 1).findLast((each) => each.trim() !== "") ?? "";
      const name = /with `([^`]+)`:$/.exec(before)?.[1];
      return name === undefined ? [] : [[name, text] as const];
    }),
  );
}

function checkShell({ text }: Fence, page: string): void {
  expect(spawnSync("sh", ["-n"], { input: text, encoding: "utf8" }).stderr).toBe("");
  const written = writtenBy(page);
  expect(
    linesOf(text).flatMap((line) => wrongWith(line, written).map((wrong) => [line.words, wrong])),
  ).toEqual([]);
}

const isBalanced = (text: string): boolean =>
  ["{}", "()", "[]"].every(
    ([open = "", close = ""]) => text.split(open).length === text.split(close).length,
  );

const asked = [...read("action/gate.sh").matchAll(/GATEHOUSE_[A-Z]+/g)].map(([name]) => name);

/** Each language of a fence, and what is looked at. */
const checks: Readonly<Record<string, (fence: Fence, page: string) => void>> = {
  sh: checkShell,
  yml: checkYaml,
  // Policies are validated in doc-examples.test.ts; what else is marked so is a file of policy tests.
  yaml: (fence) => {
    if (!/^version: 1\s*(?:#.*)?$/m.test(fence.text)) checkYaml(fence);
  },
  json: ({ text }, page) => {
    JSON.parse(text);
    // What is sent is looked at with the command that sends it.
    expect([...writtenBy(page).values()]).toContain(text);
  },
  // Synopses are read by commander in printed-commands.test.ts.
  text: ({ text }) => expect(text).toMatch(/^gatehouse [a-z]+/),
  mermaid: ({ text }) => {
    expect(text).toMatch(/^sequenceDiagram\n/);
    const known = [...text.matchAll(/^ {2}participant (\w+) as .+$/gm)].map(([, name]) => name);
    const used = [...text.matchAll(/^ {2}(\w+)-{1,2}>>(\w+): .+$/gm)].flatMap(([, from, to]) => [
      from,
      to,
    ]);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  },
  // PostgreSQL reads it in test/e2e/postgres-point-in-time.test.ts.
  conf: ({ text }) => {
    for (const line of text.trim().split("\n")) expect(line).toMatch(/^\w+ = (?:\w+|'[^']+')$/);
  },
  groovy: ({ text }) => {
    expect(isBalanced(text)).toBe(true);
    const named = [...text.matchAll(/GATEHOUSE_[A-Z]+/g)].map(([name]) => name);
    expect(named.filter((name) => !asked.includes(name))).toEqual([]);
  },
};

const blocks = pages().flatMap((page) =>
  fencesOf(read(page)).map((fence) => ({ page, fence, place: `${page}:${fence.line}` })),
);

describe("blocks of documents", () => {
  it("are there, in every language that is looked at", () => {
    expect(new Set(blocks.map(({ fence }) => fence.language))).toEqual(
      new Set(Object.keys(checks)),
    );
  });

  it.each(blocks)("$place says what works", ({ fence, page }) => {
    const check = checks[fence.language];
    expect(check, `a language that is looked at: ${fence.language}`).toBeDefined();
    check?.(fence, page);
  });
});

describe("docs/require-the-check.md", () => {
  it("gives the ruleset that the set-up page gives", () => {
    const place = { webUrl: "https://github.com", appId: 123456 };
    const { command } = requireCheck(place, "acme/shop", "main", null);
    const given: unknown = JSON.parse(/^echo '(.+)' \|/.exec(command ?? "")?.[1] ?? "");
    const written = writtenBy("docs/require-the-check.md").get("ruleset.json");
    expect(JSON.parse(written ?? "")).toEqual(given);
  });
});

describe("docs/troubleshooting.md", () => {
  const sources = filesUnder("src", (path) => /\.tsx?$/.test(path)).map(read);
  const quoted = read("docs/troubleshooting.md")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)])
    .map(([, text = ""]) => text)
    .filter((text) => / /.test(text));

  it.each(quoted)("quotes what Gatehouse says: %s", (text) => {
    for (const part of text.split(" … "))
      expect(
        sources.some((source) => source.includes(part)),
        part,
      ).toBe(true);
  });

  it("quotes", () => {
    expect(quoted.length).toBeGreaterThan(8);
  });
});
