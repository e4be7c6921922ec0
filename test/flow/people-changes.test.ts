import { describe, expect, it } from "vitest";
import { createPeopleChanges } from "../../src/flow/facts/people-changes.ts";

type Heard = Parameters<ReturnType<typeof createPeopleChanges>["note"]>[0];
const event = (name: string, installationId: number | null = 7): Heard =>
  ({ name, installationId, repository: null }) as Heard;

/** Two processes over one store, each with what it forgot. */
function twoProcesses() {
  const values = new Map<string, string>();
  const records = {
    getValue: (key: string) => Promise.resolve(values.get(key) ?? null),
    setValue: (key: string, value: string) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
  let marks = 0;
  const process = () => {
    const forgotten: (number | null)[] = [];
    const changes = createPeopleChanges(
      records,
      ({ installationId }) => forgotten.push(installationId),
      () => String((marks += 1)),
    );
    return { ...changes, forgotten };
  };
  return [process(), process()] as const;
}

describe("what one process hears of people, the others forget", () => {
  it.each(["membership.removed", "member.removed", "team.removed_from_repository", "organization"])(
    "%s",
    async (name) => {
      const [one, other] = twoProcesses();
      await other.catchUp(7);
      await one.note(event(name));
      await other.catchUp(7);
      await other.catchUp(7);
      expect(other.forgotten).toEqual([7]);
    },
  );

  it("two that note at the same time miss nothing of each other", async () => {
    const [one, other] = twoProcesses();
    await one.catchUp(7);
    await other.catchUp(7);
    await one.note(event("membership.removed"));
    await other.note(event("member.removed"));
    await one.catchUp(7);
    await other.catchUp(7);
    expect([one.forgotten, other.forgotten]).toEqual([[7], [7]]);
  });

  it("other events and other installations forget nothing", async () => {
    const [one, other] = twoProcesses();
    await other.catchUp(7);
    await one.note(event("pull_request.opened"));
    await one.note(event("membership.removed", 8));
    await one.note(event("membership.removed", null));
    await other.catchUp(7);
    expect(other.forgotten).toEqual([]);
  });
});
