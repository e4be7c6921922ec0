import { z } from "zod";
import { parseExtends, type NamedFile } from "#core/policy/extends.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { keptForMs, NotCached, type Asking } from "./besides.ts";
import type { Parse } from "./parsed-policies.ts";

/** A file that policies of other repositories extend, as it was read last by any process over the store. */
export interface SharedFile {
  /** What stands there now; null: nothing that the App can see. */
  readonly text: string | null;
  /** The last text that could be used; null: there was none. */
  readonly lastGood: string | null;
}

/** Files that policies extend, and whose policies do. */
export interface SharedFiles {
  /** Read anew where the last reading is older than ten minutes; throws `NotCached` where it may not ask. */
  readonly read: (
    repository: RepositoryRecord,
    key: string,
    named: NamedFile,
    asking: Asking,
  ) => Promise<SharedFile>;
  /** Notes that the policy which stands in a repository extends the file. */
  readonly noteExtender: (
    repository: RepositoryRecord,
    key: string,
    named: NamedFile,
    holder: number,
  ) => Promise<void>;
  /** Whether policies elsewhere extend files of it; costs no call. */
  readonly isSource: (source: Source) => Promise<boolean>;
  /** It goes by another name: policies go on to name the old one, which GitHub leads to the new one. */
  readonly renamed: (before: Source, after: Source) => Promise<void>;
  /** Reads its shared files again, and wakes the repositories whose policies extend one of which they were not told as it is now. */
  readonly refresh: (source: RepositoryRecord, wake: WakeHolders) => Promise<void>;
}

/** Has all that is judged by the policies of these repositories judged again. */
type WakeHolders = (holders: readonly number[]) => Promise<void>;

export type Source = Pick<RepositoryRecord, "installationId" | "owner" | "name">;

/** By what `extends` says: the repositories in whose policy files it stands. */
const extenders = z.record(z.string(), z.array(z.number()));
const seen = z.object({
  text: z.string().nullable(),
  /** When GitHub was asked. */
  at: z.number(),
  /** The text for which holders were woken last; left out: they never were. */
  woken: z.string().nullable().optional(),
});
type Seen = z.infer<typeof seen>;

const sourceKey = ({ installationId, owner, name }: Source): string =>
  `shared-by:${installationId}:${owner}/${name}`.toLowerCase();
const nowKey = (installation: number, key: string): string => `extended-now:${installation}:${key}`;
const goodKey = (installation: number, key: string): string => `extended:${installation}:${key}`;

const parsedBy = <T>(schema: z.ZodType<T>, text: string | null): T | null =>
  text === null ? null : (schema.safeParse(JSON.parse(text)).data ?? null);

/** What was read is kept in the store: a process that did not hear of a push judges by the same text as the one that did. */
export function createSharedFiles(
  { store, github, clock }: Pick<Deps, "store" | "github" | "clock">,
  parse: Parse,
): SharedFiles {
  const { records } = store;
  const noted = new Set<string>();

  /**
   * A name is given up, and taken by another repository that somebody else fills: what policies extend is the file of the
   * repository that bore the name when it was first read (threat T30). GitHub leads a renamed one's old name to it until then.
   */
  async function isTheSame(installation: number, key: string, id: number): Promise<boolean> {
    const place = `extended-of:${installation}:${key}`;
    const first = await records.changeValue(place, (kept) => (kept === null ? String(id) : null));
    return first === String(id);
  }

  async function textThere(
    repository: RepositoryRecord,
    key: string,
    named: NamedFile,
  ): Promise<string | null> {
    try {
      const source = await github.findRepository(
        repository.installationId,
        named.owner,
        named.repository,
      );
      if (source === null || !(await isTheSame(repository.installationId, key, source.id)))
        return null;
      const file = await github.readFile(source, named.path, named.ref);
      return file?.kind === "file" ? file.text : null;
    } catch (error) {
      if (error instanceof GatehouseError && isTransient(error.code)) throw error;
      return null;
    }
  }

  const known = async (installation: number, key: string): Promise<Seen | null> =>
    parsedBy(seen, await records.getValue(nowKey(installation, key)));
  const extendersOf = async (source: Source): Promise<z.infer<typeof extenders>> =>
    parsedBy(extenders, await records.getValue(sourceKey(source))) ?? {};

  /** Reads it and keeps that, with what holders were woken for; `keep` makes the value of what is kept by then, null leaves that. */
  async function look(
    repository: RepositoryRecord,
    key: string,
    named: NamedFile,
    keep: (text: string | null, kept: Seen | null) => Pick<Seen, "woken"> | null,
  ): Promise<Seen> {
    const { installationId } = repository;
    const text = await textThere(repository, key, named);
    if (text !== null && parse(text) !== null)
      await records.setValue(goodKey(installationId, key), text);
    const at = clock.now();
    const now = await records.changeValue(nowKey(installationId, key), (kept) => {
      const made = keep(text, parsedBy(seen, kept));
      return made === null ? null : JSON.stringify({ text, at, woken: made.woken } satisfies Seen);
    });
    return parsedBy(seen, now) ?? { text, at };
  }

  /** For a judgement: the first reader keeps what it read, unless something newer was read meanwhile. */
  const lookAsReader = (
    repository: RepositoryRecord,
    key: string,
    named: NamedFile,
    before: Seen | null,
  ): Promise<Seen> =>
    look(repository, key, named, (text, kept) =>
      kept === null ? { woken: text } : kept.at === before?.at ? kept : null,
    );

  return {
    read: async (repository, key, named, asking) => {
      const before = await known(repository.installationId, key);
      const age = before === null ? Number.POSITIVE_INFINITY : clock.now() - before.at;
      if (age >= keptForMs && asking === "remembering") throw new NotCached(key);
      const now =
        before !== null && age < keptForMs
          ? before
          : // Where it cannot be read for the moment, what was good last binds.
            await lookAsReader(repository, key, named, before).catch(() => ({ text: null, at: 0 }));
      return {
        text: now.text,
        lastGood: await records.getValue(goodKey(repository.installationId, key)),
      };
    },
    noteExtender: async ({ installationId }, key, { owner, repository: name }, holder) => {
      const place = sourceKey({ installationId, owner, name });
      const mark = `${place} ${key} ${holder}`;
      if (noted.has(mark)) return;
      await records.changeValue(place, (text) => {
        const all = parsedBy(extenders, text) ?? {};
        const of = all[key] ?? [];
        return of.includes(holder) ? null : JSON.stringify({ ...all, [key]: [...of, holder] });
      });
      if (noted.size > 10_000) noted.clear();
      noted.add(mark);
    },
    isSource: async (source) => (await records.getValue(sourceKey(source))) !== null,
    renamed: async (before, after) => {
      const moved = await extendersOf(before);
      if (Object.keys(moved).length === 0) return;
      await records.changeValue(sourceKey(after), (text) => {
        const all = { ...(parsedBy(extenders, text) ?? {}) };
        for (const [key, holders] of Object.entries(moved))
          all[key] = [...new Set([...(all[key] ?? []), ...holders])];
        const made = JSON.stringify(all);
        return made === text ? null : made;
      });
    },
    refresh: async (source, wake) => {
      for (const key of Object.keys(await extendersOf(source))) {
        const named = parseExtends(key);
        if (named?.kind !== "file") continue;
        const { text, woken } = await look(source, key, named, (_, kept) => kept ?? {});
        if (woken === text) continue;
        // Who came to extend it while it was read may have been judged by what was kept before.
        await wake((await extendersOf(source))[key] ?? []);
        // Last: what is interrupted is done once more.
        await records.changeValue(nowKey(source.installationId, key), (kept) => {
          const now = parsedBy(seen, kept);
          return now === null ? null : JSON.stringify({ ...now, woken: text } satisfies Seen);
        });
      }
    },
  };
}
