import { createHash } from "node:crypto";
import { policyTouched } from "#core/policy/touched.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import { GitHubError } from "../client/github-error.ts";

/**
 * A name in a policy is looked up once; from then on it means the account or team of that id, no matter who has the
 * name later.
 */
export type CheckIdentity = (kind: "account" | "team", name: string, id: number) => Promise<void>;

/** The same for the names in one text of CODEOWNERS: another text is another look. Keys hold the text's own digest. */
export function createOwnerIdentities(
  { records }: Pick<Store, "records">,
  repository: RepositoryRecord,
): (text: string, owner: string, id: number) => Promise<void> {
  return async (text, owner, id) => {
    const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const key = `identity:${repository.id}:owners:${digest}:${owner.toLowerCase()}`;
    const known = await records.changeValue(key, (before) => before ?? String(id));
    if (known !== String(id))
      throw new GitHubError(
        "unsupported",
        `${owner} is another ${owner.includes("/") ? "team" : "account"} now than the one that CODEOWNERS named (id ${id}, was ${known}): it counts for nothing until somebody changes CODEOWNERS on the base branch`,
      );
  };
}

/**
 * Keeps the id behind every name that was resolved under the policy as it stands. A login or a slug that belongs to
 * somebody else by now (renamed away, deleted, taken again) is refused by name until somebody touches the policy.
 */
export function createIdentities(
  { records }: Pick<Store, "records">,
  repository: RepositoryRecord,
): CheckIdentity {
  return async (kind, name, id) => {
    const key = `identity:${repository.id}:${kind}:${name.toLowerCase()}`;
    const touched = (await records.getValue(policyTouched(repository.id))) ?? "";
    const isKept = (known: string | null): known is string => known?.split(" ")[1] === touched;
    const kept = await records.changeValue(key, (known) =>
      isKept(known) ? known : `${id} ${touched}`,
    );
    const [before = ""] = (kept ?? "").split(" ");
    if (before !== String(id))
      throw new GitHubError(
        "unsupported",
        `@${name} is another ${kind} now than the one that the policy named (id ${id}, was ${before}): it counts for nothing until somebody who may changes the policy file`,
      );
  };
}
