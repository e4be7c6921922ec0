import type { Records } from "#core/ports/records.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import { conversationKey } from "./people-values.ts";

/** The pull request on which a deployment of the commit is spoken of; null where none is known. */
export async function pullOfDeployment(
  records: Pick<Records, "getValue">,
  repository: number,
  sha: string,
): Promise<number | null> {
  const number =
    (await records.getValue(conversationKey(repository, sha))) ??
    (await records.getValue(mergeOf(repository, sha)));
  return number === null ? null : Number(number);
}
