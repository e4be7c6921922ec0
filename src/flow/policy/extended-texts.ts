import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { wantedForPolicy } from "#core/policy/policy-state.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import type { Asking, Besides } from "./besides.ts";
import type { Parse } from "./parsed-policies.ts";

export interface ExtendedTexts {
  /** Texts by what `extends` says. */
  readonly extended: ReadonlyMap<string, string>;
  /** Of these the ones that are judged by as they were last good. */
  readonly lastGood: readonly string[];
}

/** Reads what the given policies extend. */
export type ReadExtended = (
  repository: RepositoryRecord,
  policies: readonly (string | null)[],
  asking: Asking,
) => Promise<ExtendedTexts>;

interface NamedFile {
  readonly owner: string;
  readonly repository: string;
  readonly path: string;
  readonly ref: string;
}

/**
 * Texts that `extends` names outside the shipped presets. One that was good once binds when it cannot be read any more,
 * or is good no more; one that was never good is left out or taken as it is, and the policy says so.
 */
export function createReadExtended(
  { store, github, log }: Deps,
  besides: Besides,
  parse: Parse,
): ReadExtended {
  const { records } = store;
  /** What was said in the log, so that it is said once. */
  const told = new Set<string>();

  /** A shared preset as it stands; null: nothing there that could judge, or nothing that the App can see. */
  async function sharedText(
    repository: RepositoryRecord,
    named: NamedFile,
  ): Promise<string | null> {
    try {
      const source = await github.findRepository(
        repository.installationId,
        named.owner,
        named.repository,
      );
      const file = source === null ? null : await github.readFile(source, named.path, named.ref);
      return file?.kind === "file" ? file.text : null;
    } catch (error) {
      if (error instanceof GatehouseError && isTransient(error.code)) throw error;
      return null;
    }
  }

  /** Whether it is the last good text that is used is said once, until the file is good again. */
  function tell(stored: string, repository: RepositoryRecord, key: string): void {
    if (told.has(stored)) return;
    told.add(stored);
    log.warn(
      { repository: `${repository.owner}/${repository.name}`, extends: key },
      "what a policy extends cannot be read any more, or not be used; its last good text binds",
    );
  }

  return async (repository, policies, asking) => {
    const found = new Map<string, string>();
    const lastGood: string[] = [];
    for (const text of policies) {
      const policy = text === null ? null : parse(text);
      const named = policy === null ? null : wantedForPolicy(policy).extends;
      const key = policy?.policy.extends;
      if (
        named === null ||
        named.kind !== "file" ||
        key === undefined ||
        named.owner.toLowerCase() !== repository.owner.toLowerCase()
      )
        continue;
      const stored = `extended:${repository.installationId}:${key}`;
      const now = await besides.tryGet(stored, asking, async () => {
        const text = await sharedText(repository, named);
        if (text !== null && parse(text) !== null) await records.setValue(stored, text);
        return text;
      });
      const content = now !== null && parse(now) !== null ? now : await records.getValue(stored);
      if (content !== null && content !== now) {
        lastGood.push(key);
        tell(stored, repository, key);
      } else told.delete(stored);
      const used = content ?? now;
      if (used !== null) found.set(key, used);
    }
    return { extended: found, lastGood };
  };
}
