import { describe, expect, it } from "vitest";
import type { Lease } from "#core/ports/queue.ts";
import type { Store } from "#core/ports/store.ts";
import { createSharedChanges } from "#flow/facts/shared-changes.ts";
import { commandJob } from "#flow/jobs/command-job.ts";
import { bindJob } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";

type Heard = Parameters<ReturnType<typeof createSharedChanges>["note"]>[0];
const event = (name: string, installationId: number | null = 7, repository = 3): Heard =>
  ({ name, installationId, repository: { id: repository } }) as Heard;

/** Two processes over one store, each with what it forgot. */
function twoProcesses() {
  const values = new Map<string, string>();
  const records = {
    getValues: (keys: readonly string[]) =>
      Promise.resolve(new Map([...values].filter(([key]) => keys.includes(key)))),
    setValue: (key: string, value: string) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
  let marks = 0;
  const process = () => {
    const forgotten: string[] = [];
    const changes = createSharedChanges(
      records,
      ({ name, installationId, repository }) =>
        forgotten.push(`${name} ${installationId} ${repository?.id ?? "all"}`),
      () => String((marks += 1)),
    );
    return { ...changes, forgotten };
  };
  return [process(), process()] as const;
}

describe("what one process hears of, the others forget", () => {
  it.each([
    ["membership.removed", "membership 7 all"],
    ["member.removed", "membership 7 all"],
    ["team.removed_from_repository", "membership 7 all"],
    ["organization", "membership 7 all"],
    ["installation_repositories.added", "installation 7 all"],
    ["repository.edited", "repository 7 3"],
    ["custom_property_values.updated", "custom_property_values 7 3"],
    ["dependabot_alert.created", "code_scanning_alert 7 3"],
    ["workflow_run.completed", "workflow_run.completed 7 3"],
    ["issue_comment.created", "issue_comment 7 3"],
    ["push", "push 7 3"],
    ["deployment_status.created", "deployment 7 3"],
  ])("%s", async (name, forgotten) => {
    const [one, other] = twoProcesses();
    await other.catchUp(7, 3);
    await one.note(event(name));
    await other.catchUp(7, 3);
    await other.catchUp(7, 3);
    expect(other.forgotten).toEqual([forgotten]);
  });

  it("two that note at the same time miss nothing of each other", async () => {
    const [one, other] = twoProcesses();
    await one.catchUp(7, null);
    await other.catchUp(7, null);
    await one.note(event("membership.removed"));
    await other.note(event("member.removed"));
    await one.catchUp(7, null);
    await other.catchUp(7, null);
    expect([one.forgotten, other.forgotten]).toEqual([["membership 7 all"], ["membership 7 all"]]);
  });

  it("no work begins before the process has caught up, commands neither", async () => {
    const repository = { id: 3, installationId: 7, active: true, archived: false };
    const order: string[] = [];
    const job = bindJob(
      { records: { repository: () => Promise.resolve(repository) } } as unknown as Store,
      commandJob,
      () => {
        order.push("command");
        return Promise.resolve(done);
      },
      ({ installationId, id }) => {
        order.push(`caught up ${installationId} ${id}`);
        return Promise.resolve();
      },
    );
    const { payload } = commandJob.item(
      {
        key: "comment:3:1",
        repository: 3,
        number: 1,
        actor: { id: 1, login: "bob", type: "User" },
        isKnownHere: true,
        isAuthor: false,
        isAddressed: true,
        at: 0,
        heardAt: 0,
        seenHead: null,
        from: { kind: "comment", id: 1, bodyHash: "" },
      },
      0,
    );
    await job.prepare({ payload } as Lease).run();
    expect(order).toEqual(["caught up 7 3", "command"]);
  });

  it("other events, installations and repositories forget nothing", async () => {
    const [one, other] = twoProcesses();
    await other.catchUp(7, 3);
    await one.note(event("pull_request.opened"));
    await one.note(event("check_suite.requested"));
    await one.note(event("membership.removed", 8));
    await one.note(event("membership.removed", null));
    await one.note(event("push", 7, 4));
    await other.catchUp(7, 3);
    expect(other.forgotten).toEqual([]);
  });
});
