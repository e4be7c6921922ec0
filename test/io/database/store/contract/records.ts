import { firstLookKey } from "#core/record/first-look-key.ts";
import { describe, expect, it } from "vitest";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { PolicyRecord } from "#core/ports/records.ts";
import { aRepository, handClock, type Kind } from "../harness.ts";

const aPull = (parts: Partial<PullRequestRow> = {}): PullRequestRow => ({
  repository: 11,
  number: 1,
  headSha: "aaa",
  headRef: "topic",
  baseRef: "main",
  state: "open",
  ...parts,
});

export function recordsContract(kind: Kind): void {
  describe("records", () => {
    it("keeps a repository by id through renames", async () => {
      const { records } = await kind.open();
      await records.saveRepository(aRepository());
      await records.saveRepository(
        aRepository({
          name: "store",
          owner: "umbrella",
          ownerId: 4,
          archived: true,
          private: false,
        }),
      );
      expect(await records.repository(11)).toEqual({
        ...aRepository({
          name: "store",
          owner: "umbrella",
          ownerId: 4,
          archived: true,
          private: false,
        }),
        publicSince: expect.any(Number) as number,
      });
      expect(await records.repositoryByName("acme", "shop")).toBeNull();
      expect(await records.repository(12)).toBeNull();
    });

    it("W22: notes when a repository was first made known, and no later time", async () => {
      const clock = handClock();
      const { records } = await kind.open(clock);
      await records.saveRepository(aRepository());
      const first = await records.getValue(firstLookKey(11));
      expect(first).toBe(String(clock.now()));
      clock.forward(60_000);
      await records.saveRepository(aRepository({ active: false }));
      await records.saveRepository(aRepository());
      expect(await records.getValue(firstLookKey(11))).toBe(first);
    });

    it("W34: notes since when a repository has been public, a little late where it was private before", async () => {
      const clock = handClock();
      const { records } = await kind.open(clock);
      const since = async (): Promise<number | undefined> =>
        (await records.repository(11))?.publicSince;
      await records.saveRepository(aRepository({ private: false }));
      const first = clock.now();
      expect(await since()).toBe(first);
      clock.forward(60_000);
      await records.saveRepository(aRepository({ private: false, name: "store" }));
      expect(await since()).toBe(first);
      await records.saveRepository(aRepository({ private: true }));
      expect(await since()).toBeUndefined();
      clock.forward(60_000);
      await records.saveRepository(aRepository({ private: false }));
      expect(await since()).toBe(clock.now() + 600_000);
    });

    it("finds names in any case", async () => {
      const { records } = await kind.open();
      await records.saveRepository(aRepository());
      expect((await records.repositoryByName("aCME", "sHOP"))?.id).toBe(11);
    });

    it("T30: a reused name means the repository seen last under it, and an active one before a gone one", async () => {
      const clock = handClock();
      const { records } = await kind.open(clock);
      await records.saveRepository(aRepository({ id: 20 }));
      clock.forward(1000);
      await records.saveRepository(aRepository({ id: 10 }));
      expect((await records.repositoryByName("acme", "shop"))?.id).toBe(10);
      await records.saveRepository(aRepository({ id: 10, active: false }));
      expect((await records.repositoryByName("acme", "shop"))?.id).toBe(20);
    });

    it("F27: an installation that is gone takes all its repositories out of service, and only its own", async () => {
      const { records } = await kind.open();
      await records.saveRepository(aRepository({ id: 1 }));
      await records.saveRepository(aRepository({ id: 2, name: "other" }));
      await records.saveRepository(aRepository({ id: 3, installationId: 6, name: "third" }));
      await records.deactivateInstallation(5);
      expect((await records.activeRepositories()).map((repository) => repository.id)).toEqual([3]);
      expect((await records.repository(1))?.active).toBe(false);
    });

    it("keeps pull requests and finds the open ones by head", async () => {
      const { records } = await kind.open();
      await records.savePullRequest(aPull({ number: 2 }));
      await records.savePullRequest(aPull({ number: 1 }));
      await records.savePullRequest(aPull({ number: 3, headSha: "bbb" }));
      await records.savePullRequest(aPull({ number: 4, state: "closed" }));
      await records.savePullRequest(aPull({ number: 5, repository: 12 }));
      const numbers = (rows: readonly PullRequestRow[]): readonly number[] =>
        rows.map((row) => row.number);
      expect(numbers(await records.openPullRequests(11))).toEqual([1, 2, 3]);
      expect(numbers(await records.openPullRequestsWithHead(11, "aaa"))).toEqual([1, 2]);
      await records.savePullRequest(aPull({ number: 2, headSha: "ccc", baseRef: "next" }));
      expect(numbers(await records.openPullRequestsWithHead(11, "aaa"))).toEqual([1]);
      expect(await records.pullRequest(11, 2)).toEqual(
        aPull({ number: 2, headSha: "ccc", baseRef: "next" }),
      );
      expect(await records.pullRequest(11, 99)).toBeNull();
    });

    it("keeps a policy with its last good text", async () => {
      const { records } = await kind.open();
      const policy: PolicyRecord = {
        repository: 11,
        blobSha: "b2",
        text: "broken",
        lastGoodBlobSha: "b1",
        lastGoodText: "version: 1",
        binding: true,
        obstacle: null,
        checkedAt: 7,
      };
      expect(await records.policy(11)).toBeNull();
      expect(await records.replacePolicy(null, policy)).toBe(true);
      expect(await records.policy(11)).toEqual(policy);
      const gone = {
        ...policy,
        blobSha: null,
        text: null,
        obstacle: "a symlink stands there",
        binding: false,
        checkedAt: 8,
      };
      expect(await records.replacePolicy(policy, gone)).toBe(true);
      expect(await records.policy(11)).toEqual(gone);
    });

    it("takes no policy for what another reader replaced, and records nothing of it", async () => {
      const { records, audit } = await kind.open();
      const read = (at: number): PolicyRecord => ({
        repository: 11,
        blobSha: `b${at}`,
        text: "version: 1",
        lastGoodBlobSha: `b${at}`,
        lastGoodText: "version: 1",
        binding: true,
        obstacle: null,
        checkedAt: at,
      });
      const entry = {
        at: 1,
        kind: "policy",
        repository: 11,
        subject: null,
        actor: null,
        detail: {},
      };
      const raced = await Promise.all(
        [1, 2, 3, 4].map((at) => records.replacePolicy(null, read(at), [entry])),
      );
      expect(raced.filter(Boolean)).toHaveLength(1);
      const stands = await records.policy(11);
      expect(await records.replacePolicy(read(9), read(10), [entry])).toBe(false);
      expect(await records.replacePolicy(null, read(10), [entry])).toBe(false);
      expect(await records.policy(11)).toEqual(stands);
      expect((await audit.head())?.seq).toBe(1);
    });

    it("changes a value in one step, whoever does so at the same time", async () => {
      const { records } = await kind.open();
      const added = (text: string | null, one: number): string =>
        JSON.stringify([...(JSON.parse(text ?? "[]") as number[]), one]);
      const ones = Array.from({ length: 12 }, (_, one) => one);
      await Promise.all(ones.map((one) => records.changeValue("list", (text) => added(text, one))));
      const kept = JSON.parse((await records.getValue("list")) ?? "") as number[];
      expect(kept.toSorted((a, b) => a - b)).toEqual(ones);
      const firsts = await Promise.all(
        ones.map((one) => records.changeValue("first", (text) => text ?? String(one))),
      );
      expect(new Set(firsts)).toEqual(new Set([await records.getValue("first")]));
      expect(await records.changeValue("none", () => null)).toBeNull();
      expect(await records.getValue("none")).toBeNull();
      expect(await records.changeValue("first", () => null)).toBe(firsts[0]);
    });

    it("changes a ticket in one step, whoever does so at the same time", async () => {
      const { tickets } = await kind.open();
      const ticket: TicketRow = {
        repository: 11,
        key: "review:1",
        purpose: "review",
        issue: 5,
        state: "open",
        openedAt: 1,
        dueAt: null,
        closedAt: null,
        detail: {},
      };
      expect(await tickets.change(11, "review:1", () => null)).toBeNull();
      await tickets.save(ticket);
      await Promise.all(
        ["a", "b", "c", "d", "e"].map((name) =>
          tickets.change(11, "review:1", (before) =>
            before === null ? null : { ...before, detail: { ...before.detail, [name]: true } },
          ),
        ),
      );
      expect(await tickets.row(11, "review:1")).toEqual({
        ...ticket,
        detail: { a: true, b: true, c: true, d: true, e: true },
      });
      expect(await tickets.change(11, "review:1", () => null)).toMatchObject({ issue: 5 });
    });

    it("keeps values by key", async () => {
      const { records } = await kind.open();
      expect(await records.getValue("cursor")).toBeNull();
      await records.setValue("cursor", "1");
      await records.setValue("cursor", "2");
      expect(await records.getValue("cursor")).toBe("2");
      await records.setValue("other", "3");
      expect(await records.getValues(["cursor", "other", "none"])).toEqual(
        new Map([
          ["cursor", "2"],
          ["other", "3"],
        ]),
      );
      expect((await records.getValues([])).size).toBe(0);
    });

    it("T36: a claim is granted once, whoever asks at the same time", async () => {
      const { records } = await kind.open();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => records.claimOnce("comment:1", 1)),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await records.claimOnce("comment:1", 2)).toBe(false);
      expect(await records.claimOnce("comment:2", 2)).toBe(true);
    });
  });
}
