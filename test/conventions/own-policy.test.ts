import { describe, expect, it } from "vitest";
import { workflowsParams } from "#core/rules/workflows/params.ts";
import { inspectWorkflow } from "#core/rules/workflows/inspect.ts";
import { test as testCommand } from "../../src/cli/commands/test.ts";
import { validate } from "../../src/cli/commands/validate.ts";
import { filesUnder, read } from "./repository.ts";

const workflows = filesUnder(".github/workflows", (path) => path.endsWith(".yml"));

/** This repository is judged by a policy of its own, and would pass it. */
describe("the policy of this repository", () => {
  it("is valid, and decides what its tests say", async () => {
    expect(await validate().run([".github/gatehouse.yml"], {})).toMatchObject({ exitCode: 0 });
    expect(await testCommand().run([".github/gatehouse.test.yml"], {})).toMatchObject({
      exitCode: 0,
    });
  });

  it.each(workflows)("%s uses actions at a full commit SHA", (path) => {
    const used = [...read(path).matchAll(/\buses: (\S+)/g)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it.each(workflows)("%s keeps to the rule on workflows", (path) => {
    const params = workflowsParams.parse({ permissions: "declared" });
    expect(inspectWorkflow(path, read(path), params, false)).toEqual([]);
  });
});
