import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { GitHub } from "#io/github/client/client.ts";
import { createFactCaches } from "#io/github/facts/fact-caches.ts";
import { readAskingWorkflow } from "#io/github/facts/read-asking-workflow.ts";
import { aDeployment } from "../../../core/build.ts";
import { aRepository, clientOf, type LocalGitHub, serveGitHub } from "../local-github.ts";

const path = ".github/workflows/deploy.yml";
const below = ".github/workflows/below.yml";
const calling = `jobs: { a: { uses: "./${below}" } }`;
const plain = "jobs: { a: { runs-on: x, steps: [] } }";
let event = "push";
/** By ref, then path; the ref "" is the default branch. */
let files: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

let server: LocalGitHub;
let github: GitHub;
beforeAll(async () => {
  server = await serveGitHub(({ path: asked, query }) => {
    if (asked.endsWith("/actions/runs/9")) return { json: { path: `${path}@main`, event } };
    if (!asked.includes("/contents/")) return undefined;
    const file = asked.split("/contents/")[1] ?? "";
    const text = files[query.get("ref") ?? ""]?.[file];
    if (text === undefined) return { status: 404, json: { message: "Not Found" } };
    const content = Buffer.from(text).toString("base64");
    return { json: { type: "file", sha: "b", size: text.length, content, encoding: "base64" } };
  });
  github = clientOf(server);
});
afterAll(() => server.close());

const subject = { ...aDeployment, runId: 9 };
const read = () =>
  readAskingWorkflow(github, aRepository(), subject, createFactCaches({ now: () => 0 }));

describe("the workflow that asks", () => {
  beforeEach(() => {
    event = "push";
  });

  it("is the deployed commit's, with what it calls", async () => {
    files = { [subject.sha]: { [path]: calling, [below]: plain }, "": { [path]: "other" } };
    expect(await read()).toEqual({ path, text: calling, called: [{ path: below, text: plain }] });
    files = {};
    expect(await read()).toEqual({ path, text: null, called: [] });
  });

  it.each(["pull_request_target", "workflow_run"])(
    "by %s is the default branch's: it cannot be told where the deployed commit has another",
    async (by) => {
      event = by;
      const both = { [path]: calling, [below]: plain };
      files = { [subject.sha]: both, "": both };
      expect(await read()).toMatchObject({ text: calling, called: [{ text: plain }] });
      for (const there of [{ [path]: plain }, { ...both, [below]: calling }, {}]) {
        files = { [subject.sha]: both, "": there };
        await expect(read()).rejects.toMatchObject({ code: "incomplete" });
      }
      files = { [subject.sha]: {}, "": both };
      await expect(read()).rejects.toMatchObject({ code: "incomplete" });
    },
  );

  it("is read once a commit", async () => {
    files = { [subject.sha]: { [path]: plain } };
    const memory = createFactCaches({ now: () => 0 });
    const once = await readAskingWorkflow(github, aRepository(), subject, memory);
    files = {};
    event = "workflow_run";
    expect(await readAskingWorkflow(github, aRepository(), subject, memory)).toEqual(once);
  });
});
