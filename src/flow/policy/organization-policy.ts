import { z } from "zod";
import { isOrganizationRepository, organizationRepository } from "#core/policy/files.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { PolicyRecord } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";

/** The organisation's policy as it was read last; `unseen`: why it cannot be read any more, though it still binds. */
export interface OrganizationPolicy {
  readonly record: PolicyRecord;
  readonly unseen: string | null;
}

/** Which repository held the organisation's policy last, and why it is not seen there any more. */
const kept = z.object({ repository: z.number(), unseen: z.string().nullable() });
type Kept = z.infer<typeof kept>;

const isGoverning = (record: PolicyRecord): boolean =>
  record.binding || record.text !== null || record.obstacle !== null;

/** A repository, or its file, that this App may not read: whether it is there cannot be told. */
const isInvisible = (error: unknown): boolean =>
  error instanceof GatehouseError &&
  (error.code === "not_found" || (error.code === "gone" && error.repository !== undefined));

export interface OrganizationPolicyOptions {
  /** `.github` as it is remembered or found now; null: the installation does not have it. */
  readonly find: (repository: RepositoryRecord) => Promise<RepositoryRecord | null>;
  readonly recordOf: (repository: RepositoryRecord) => Promise<PolicyRecord>;
}

/**
 * What cannot be seen any more is not what was never there: an organisation's policy that was read once binds until it
 * is retired, whatever became of the repository it stood in (taken out of the installation, made private, renamed,
 * transferred, deleted). That is said in the log, in the audit log and on every decision.
 */
export function createOrganizationPolicy(
  { store, clock, log }: Deps,
  { find, recordOf }: OrganizationPolicyOptions,
): (repository: RepositoryRecord) => Promise<OrganizationPolicy | null> {
  const { records } = store;
  const keyOf = ({ owner, ownerId }: RepositoryRecord): string =>
    `organization-policy:${ownerId === 0 ? owner.toLowerCase() : ownerId}`;

  const keptIn = (text: string | null): Kept | null =>
    kept
      .nullable()
      .catch(null)
      .parse(JSON.parse(text ?? "null"));

  /** Told once, by the process whose news it was. */
  async function keep(repository: RepositoryRecord, now: Kept): Promise<void> {
    const seen: { before: Kept | null; isNews: boolean } = { before: null, isNews: false };
    await records.changeValue(keyOf(repository), (text) => {
      const before = keptIn(text);
      const isNews = before?.repository !== now.repository || before.unseen !== now.unseen;
      Object.assign(seen, { before, isNews });
      return isNews ? JSON.stringify(now) : null;
    });
    if (!seen.isNews) return;
    const { before } = seen;
    const wasUnseen = before !== null && before.unseen !== null;
    if (now.unseen === null && !wasUnseen) return;
    const detail = { organization: repository.owner, unseen: now.unseen };
    if (now.unseen === null) log.info(detail, "the organisation's policy can be read again");
    else
      log.warn(
        detail,
        "the organisation's policy cannot be read any more; the last good one binds until it is retired",
      );
    await store.audit.append([
      {
        at: clock.now(),
        kind: "policy",
        repository: now.repository,
        subject: null,
        actor: null,
        detail,
      },
    ]);
  }

  async function read(repository: RepositoryRecord): Promise<PolicyRecord | null> {
    try {
      return await recordOf(repository);
    } catch (error) {
      if (isInvisible(error)) return null;
      throw error;
    }
  }

  return async (repository) => {
    if (isOrganizationRepository(repository)) return null;
    const current = await find(repository);
    const record = current === null ? null : await read(current);
    const before = keptIn(await records.getValue(keyOf(repository)));
    if (record !== null && isGoverning(record)) {
      await keep(repository, { repository: record.repository, unseen: null });
      return { record, unseen: null };
    }
    // One that was read before this was remembered is found by its name.
    const last =
      before?.repository ??
      (await records.repositoryByName(repository.owner, organizationRepository))?.id;
    const bound = last === undefined ? null : await records.policy(last);
    if (bound === null || !bound.binding) return record === null ? null : { record, unseen: null };
    const unseen =
      record === null
        ? `${repository.owner}/${organizationRepository} cannot be seen any more: it was taken out of the installation, renamed, moved, made invisible or deleted`
        : `${repository.owner}/${organizationRepository} is another repository than the one that held the policy, and has none`;
    await keep(repository, { repository: bound.repository, unseen });
    return { record: bound, unseen };
  };
}
