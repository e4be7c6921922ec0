import { z } from "zod";
import { isTransient, GatehouseError } from "#core/model/errors.ts";
import { teamOf } from "#core/people/who-is-among.ts";
import { namedKinds, nameKey, type AbsentName, type Name } from "#core/policy/named.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { nearest } from "#core/text/nearest.ts";
import type { Deps } from "#flow/deps.ts";
import { contentHash } from "#flow/publish/content-hash.ts";

/** So many people are looked for, a call each; who names more names them in a team. */
const mostUsers = 30;
/** What was all there is looked for again after this long; what was not there, whenever the repository is compared. */
const againMs = 24 * 60 * 60_000;

const stored = z.object({
  /** Stands for the names that were looked for. */
  of: z.string(),
  at: z.number(),
  names: z.array(
    z.object({ kind: z.enum(namedKinds), name: z.string(), nearest: z.string().nullable() }),
  ),
});

export interface AbsentNames {
  /** As they were seen last; costs no call. */
  readonly cached: (repository: RepositoryRecord) => Promise<readonly AbsentName[]>;
  /** Looks for the names at GitHub. A kind of which GitHub does not tell is taken to be all there. */
  readonly look: (
    repository: RepositoryRecord,
    asked: readonly Name[],
  ) => Promise<readonly AbsentName[]>;
  /** Looks where that is due, and remembers; true when the answer is another one than before. */
  readonly review: (repository: RepositoryRecord, asked: readonly Name[]) => Promise<boolean>;
  /** Whether nobody looked for these names yet; costs no call. */
  readonly areNew: (repository: RepositoryRecord, asked: readonly Name[]) => Promise<boolean>;
  /** Something of these kinds came or went: it is due. */
  readonly outdate: (repository: RepositoryRecord) => Promise<void>;
}

const keyOf = ({ id }: RepositoryRecord): string => `absent-names:${id}`;

/** Only a warning is late where GitHub does not answer: what has to be judged is not kept waiting for it. */
async function quietly<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatehouseError) return null;
    throw error;
  }
}

/** Whether what policies name is there: teams, users, environments, labels. Never on the way of a pull request. */
export function createAbsentNames(deps: Deps): AbsentNames {
  const { github, clock, log } = deps;
  const { records } = deps.store;

  const keptIn = (text: string | null): z.infer<typeof stored> | undefined =>
    text === null || text === "" ? undefined : stored.safeParse(JSON.parse(text)).data;
  const recall = async (
    repository: RepositoryRecord,
  ): Promise<z.infer<typeof stored> | undefined> =>
    keptIn(await records.getValue(keyOf(repository)));

  async function listedOnly(
    repository: RepositoryRecord,
    kind: "team" | "label" | "environment",
    asked: readonly Name[],
  ): Promise<readonly AbsentName[]> {
    // Other organisations' teams are not ours to see.
    const names = asked.filter(
      (each) =>
        each.kind === kind &&
        !(kind === "team" && teamOf(each.name, repository.owner).includes("/")),
    );
    if (names.length === 0) return [];
    const there = await github.namesOf(repository, kind);
    if (there === null) return [];
    const known = new Set(there.map((name) => name.toLowerCase()));
    const absent: AbsentName[] = [];
    for (const each of names) {
      const name = kind === "team" ? teamOf(each.name, repository.owner) : each.name;
      if (known.has(name.toLowerCase())) continue;
      // A list may leave out what is secret; a name of its own is answered for.
      if (
        kind === "team" &&
        repository.ownerType !== "User" &&
        (await github.team(repository, name)) !== null
      )
        continue;
      absent.push({ ...each, nearest: nearest(name, there) ?? null });
    }
    return absent;
  }

  async function unknownUsers(
    repository: RepositoryRecord,
    asked: readonly Name[],
  ): Promise<readonly AbsentName[]> {
    const users = asked.filter(({ kind }) => kind === "user");
    const absent: Name[] = [];
    for (const each of users.slice(0, mostUsers))
      if (!(await github.hasAccount(repository, each.name))) absent.push(each);
    const others = users.filter((each) => !absent.includes(each)).map(({ name }) => name);
    return absent.map((each) => ({ ...each, nearest: nearest(each.name, others) ?? null }));
  }

  async function look(
    repository: RepositoryRecord,
    asked: readonly Name[],
  ): Promise<readonly AbsentName[]> {
    const found: AbsentName[] = [];
    for (const part of [
      () => listedOnly(repository, "team", asked),
      () => unknownUsers(repository, asked),
      () => listedOnly(repository, "environment", asked),
      () => listedOnly(repository, "label", asked),
    ])
      try {
        found.push(...(await part()));
      } catch (error) {
        // A refusal tells nothing of what is there.
        if (!(error instanceof GatehouseError) || isTransient(error.code)) throw error;
      }
    return found;
  }

  const digestOf = (repository: RepositoryRecord, asked: readonly Name[]): string =>
    contentHash(asked.map((name) => nameKey(name, repository.owner)));

  async function review(repository: RepositoryRecord, asked: readonly Name[]): Promise<boolean> {
    const of = digestOf(repository, asked);
    const now = clock.now();
    const text = await records.getValue(keyOf(repository));
    const before = keptIn(text);
    if (before === undefined && asked.length === 0) return false;
    const isFresh = before?.of === of && now >= before.at && now - before.at < againMs;
    if (isFresh && before.names.length === 0) return false;
    const names = await look(repository, asked);
    // What came or went while they were looked for is due still.
    const kept = JSON.stringify({ of, at: now, names });
    await records.changeValue(keyOf(repository), (stands) => (stands === text ? kept : null));
    const known = new Set((before?.names ?? []).map((name) => nameKey(name, repository.owner)));
    const news = names.filter((name) => !known.has(nameKey(name, repository.owner)));
    if (news.length > 0)
      log.warn(
        {
          repository: `${repository.owner}/${repository.name}`,
          names: news.slice(0, 20).map(({ kind, name }) => `${kind} ${name}`),
        },
        "the policy names what does not exist: an administrator corrects the policy, or makes it",
      );
    return contentHash(names) !== contentHash(before?.names ?? []);
  }

  return {
    cached: async (repository) => (await recall(repository))?.names ?? [],
    look: async (repository, asked) => (await quietly(() => look(repository, asked))) ?? [],
    review: async (repository, asked) => (await quietly(() => review(repository, asked))) ?? false,
    areNew: async (repository, asked) =>
      asked.length > 0 && (await recall(repository))?.of !== digestOf(repository, asked),
    outdate: (repository) => records.setValue(keyOf(repository), ""),
  };
}
