import { describe, expect, it } from "vitest";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { SubjectState, Views } from "#core/ports/views.ts";
import { listWaiting } from "#flow/pages/waiting.ts";
import type { WaitingFilter } from "#flow/pages/filter.ts";
import type { Viewer } from "#flow/pages/viewer.ts";

const repository = (id: number): RepositoryRecord => ({
  id,
  installationId: 5,
  owner: "acme",
  ownerId: 3,
  ownerType: "Organization",
  name: `r${id}`,
  private: true,
  archived: false,
  defaultBranch: "main",
  active: true,
});

const state = (of: number, index: number, parts: Partial<SubjectState> = {}): SubjectState => ({
  subjectKey: `pr:${of}:${index}`,
  kind: "pull_request",
  repository: of,
  number: index,
  environment: null,
  by: "ada",
  headSha: "a".repeat(40),
  answer: "wait",
  title: "waits",
  unmet: [],
  since: index,
  at: index,
  changesAt: null,
  seq: index,
  ...parts,
});

const everything: WaitingFilter = {
  isMine: false,
  team: undefined,
  repository: undefined,
  environment: undefined,
};

/** Somebody who may read these repositories. */
const reader = (...ids: readonly number[]): Viewer => ({
  login: "bob",
  mayRead: async ({ id }) => ids.includes(id),
  readable: async () => (each) => ids.includes(each.id),
  sees: () => true,
  seesOf: (patterns) => patterns ?? "every",
  teams: async () => [],
});

function listed(states: readonly SubjectState[], viewer: Viewer, filter = everything) {
  const unused = (): never => {
    throw new Error("not asked for here");
  };
  return listWaiting(
    {
      webUrl: "https://github.example",
      store: {
        records: { repository: async (id: number) => repository(id), repositoryByName: unused },
        views: {
          waiting: async ({ after, limit }: Parameters<Views["waiting"]>[0]) => {
            const from =
              after === undefined
                ? 0
                : states.findIndex(({ subjectKey }) => subjectKey === after.subjectKey) + 1;
            return states.slice(from, from + limit);
          },
        },
      },
    },
    viewer,
    filter,
  );
}

describe("what waits", () => {
  it("is shown to who may read it, whatever waits longer elsewhere", async () => {
    const states = [
      ...Array.from({ length: 2_500 }, (_, index) => state(1, index)),
      state(2, 9_000),
      state(2, 9_001, { environment: "Production" }),
    ];
    const list = await listed(states, reader(2));
    expect(list.waiting.map(({ id }) => id)).toEqual([
      `pr:2:9000:${"a".repeat(12)}`,
      `pr:2:9001:${"a".repeat(12)}`,
    ]);
    const narrowed = await listed(states, reader(1, 2), {
      ...everything,
      environment: "production",
    });
    expect(narrowed.waiting).toHaveLength(1);
    expect(narrowed.isCut).toBe(false);
  });

  it("is cut where nobody would read on, and says so", async () => {
    const states = Array.from({ length: 1_001 }, (_, index) => state(1, index));
    const list = await listed(states, reader(1));
    expect([list.waiting.length, list.isCut]).toEqual([1_000, true]);
    expect((await listed(states.slice(1), reader(1))).isCut).toBe(false);
  });
});
