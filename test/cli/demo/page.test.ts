import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { servePullRequest, type DemoPage } from "../../../src/cli/demo/page/serve.tsx";
import { tellStory, type Story } from "../../../src/cli/demo/page/story.ts";
import { setStage, type Stage } from "../../../src/cli/demo/stage.ts";
import { until } from "../../e2e/harness.ts";
import { BrowserLike } from "../../web/browser-like.ts";

let stage: Stage;
let story: Story;
let page: DemoPage;
beforeAll(async () => {
  stage = await setStage({ signsIn: true });
  story = tellStory(stage.sim);
  page = await servePullRequest(story, stage.gate.url, 0);
});
afterAll(async () => {
  await page.close();
  await stage.close();
});

const press = async (act: string): Promise<number> =>
  (await fetch(`${page.url}/do/${act}`, { method: "POST", redirect: "manual" })).status;
const shows = (what: string, pattern: RegExp): Promise<string> =>
  until(
    what,
    async () => (await fetch(page.url)).text(),
    (text) => pattern.test(text),
  );

describe("the pull request's page", () => {
  it("shows the gate's check run, blocks the merge, and leads to the decision", async () => {
    const text = await shows("the check run", /gatehouse<\/strong> Needs 1 approval/);
    expect(text).toContain("Merging is blocked");
    expect(await press("merge")).toBe(303);
    expect(story.see().state).toBe("open");
    const [, details = ""] = /<a href="([^"]+\/decisions\/[^"]+)"/.exec(text) ?? [];
    expect(details.startsWith(stage.gate.url)).toBe(true);
    const bob = new BrowserLike(stage.gate.url);
    const { pathname } = new URL(details);
    expect(await bob.signIn("bob", pathname)).toBe(pathname);
    expect((await bob.page(pathname)).text).toContain("Somebody else has read it.");
  });

  it("turns red and green with its buttons, and merges then", async () => {
    await press("approve");
    await press("fail");
    await shows("red", /✗ failure<\/span> <strong>gatehouse/);
    await press("pass");
    await shows("green", /All checks have passed/);
    await press("merge");
    await shows("the merge", /Merged\./);
  });

  it("holds a deployment while production is frozen", async () => {
    await press("freeze");
    await until(
      "the freeze",
      () => story.see().comments,
      (comments) => comments.some(({ by, body }) => by.includes("[bot]") && body.includes("froze")),
    );
    await press("deploy");
    await shows("the hold", /month-end/);
    expect(story.see().deployments[0]?.gate).toBe("waiting");
    await press("unfreeze");
    await until(
      "the approval",
      () => story.see().deployments[0]?.gate,
      (gate) => gate === "approved",
    );
    await press("finish");
    await shows("the end", /the job is success/);
  });

  it("knows no other button, and none of another site", async () => {
    expect(await press("nothing")).toBe(404);
    const foreign = await fetch(`${page.url}/do/freeze`, {
      method: "POST",
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect(foreign.status).toBe(404);
  });
});
