import { bothStand, policyPath, policyPaths, policyPlace } from "#core/policy/files.ts";
import { isRetired } from "#core/policy/policy-state.ts";
import type { PlacedFileRead } from "#core/ports/github.ts";
import type { PolicyRecord } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { policyCaps } from "#core/yaml/caps.ts";
import type { Deps } from "#flow/deps.ts";
import { NotCached, type Asking } from "./besides.ts";
import type { Parse } from "./parsed-policies.ts";

/** The policy file of a repository, and the record of what was read of it: what was good once binds. */
export interface PolicyFile {
  /** Reads it again; true when it is another one than before. `by`: who is said to have changed it, for the record. */
  readonly read: (repository: RepositoryRecord, by?: string | null) => Promise<boolean>;
  /** What is recorded of it; reads what was never read, or throws `NotCached` where it may not ask. */
  readonly recordOf: (repository: RepositoryRecord, asking: Asking) => Promise<PolicyRecord>;
  /** Path where it stood when it was read last. */
  readonly placeOf: (repository: number) => Promise<string>;
}

/** What of a record a look at the file decides. */
type Look = Pick<PolicyRecord, "blobSha" | "text" | "obstacle"> &
  Partial<Pick<PolicyRecord, "binding" | "lastGoodBlobSha" | "lastGoodText">>;

function lookedAt(file: PlacedFileRead, place: string, parse: Parse): Look {
  switch (file.kind) {
    case "file": {
      const good = parse(file.text);
      return {
        blobSha: file.blobSha,
        text: file.text,
        obstacle: null,
        ...(good === null
          ? { binding: true }
          : {
              lastGoodBlobSha: file.blobSha,
              lastGoodText: file.text,
              binding: !isRetired(good),
            }),
      };
    }
    case "absent":
      return { blobSha: null, text: null, obstacle: null };
    case "several":
      return {
        blobSha: file.blobSha,
        text: null,
        obstacle: bothStand(file.paths),
        binding: true,
      };
    case "other":
      return {
        blobSha: `other:${file.what}`,
        text: null,
        obstacle: `${place} is a ${file.what}; it must be a regular file`,
        binding: true,
      };
    case "too_large":
      return {
        blobSha: `large:${file.bytes}`,
        text: null,
        obstacle: `${place} has ${file.bytes} bytes; at most ${policyCaps.bytes} are read`,
        binding: true,
      };
  }
}

const neverRead = (repository: number): PolicyRecord => ({
  repository,
  blobSha: null,
  text: null,
  lastGoodBlobSha: null,
  lastGoodText: null,
  binding: false,
  obstacle: null,
  checkedAt: 0,
});

export function createPolicyFile({ store, github, clock }: Deps, parse: Parse): PolicyFile {
  const { records } = store;

  const placeOf = async (repository: number): Promise<string> =>
    (await records.getValue(policyPlace(repository))) ?? policyPath;

  /** null: another process read it meanwhile, and perhaps a later one than this. */
  async function tryRead(repository: RepositoryRecord, by: string | null): Promise<boolean | null> {
    const before = await records.policy(repository.id);
    const file = await github.readOneOf(repository, policyPaths, null);
    const now = clock.now();
    const known = await placeOf(repository.id);
    const place = "path" in file ? file.path : known;
    const after: PolicyRecord = {
      ...(before ?? neverRead(repository.id)),
      ...lookedAt(file, place, parse),
      checkedAt: now,
    };
    const changed =
      before === null ||
      before.blobSha !== after.blobSha ||
      before.binding !== after.binding ||
      before.obstacle !== after.obstacle;
    // That a repository has no policy, and never had one, is nothing to record.
    const isNews = changed && !(before === null && after.blobSha === null);
    const isSaved = await records.replacePolicy(
      before,
      after,
      isNews
        ? [
            {
              at: now,
              kind: "policy",
              repository: repository.id,
              subject: null,
              actor: by,
              detail: {
                path: place,
                from: before?.blobSha ?? null,
                to: after.blobSha,
                valid: after.text === null ? null : after.lastGoodText === after.text,
                judgesBy: after.lastGoodBlobSha,
                binding: after.binding,
                obstacle: after.obstacle,
              },
            },
          ]
        : [],
    );
    if (!isSaved) return null;
    if (place !== known) await records.setValue(policyPlace(repository.id), place);
    return changed;
  }

  async function read(repository: RepositoryRecord, by: string | null = null): Promise<boolean> {
    for (;;) {
      const changed = await tryRead(repository, by);
      if (changed !== null) return changed;
    }
  }

  async function recordOf(repository: RepositoryRecord, asking: Asking): Promise<PolicyRecord> {
    const known = await records.policy(repository.id);
    if (known !== null) return known;
    if (asking === "remembering") throw new NotCached(`policy:${repository.id}`);
    await read(repository);
    const now = await records.policy(repository.id);
    if (now === null) throw new Error("a saved policy record is not there");
    return now;
  }

  return { read, recordOf, placeOf };
}
