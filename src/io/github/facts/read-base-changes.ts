import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { instant } from "./instant.ts";

const entry = z.looseObject({ event: z.string().optional() });
const change = z.object({ created_at: instant });

/** Every way in which GitHub says that a pull request has another base: by somebody, or by itself. */
const changes: ReadonlySet<string> = new Set([
  "base_ref_changed",
  "automatic_base_change_succeeded",
]);

/** When the base was changed last, by the REST timeline: of the whole of it, or not at all; undefined: never. */
export async function readBaseChangedAt(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<number | undefined> {
  let last: number | undefined;
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}/timeline", {
    owner: repository.owner,
    repo: repository.name,
    issue_number: number,
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository),
    request,
    z.array(entry),
    (page) => {
      for (const row of page) {
        if (!changes.has(row.event ?? "")) continue;
        const at = change.parse(row).created_at;
        last = Math.max(last ?? at, at);
      }
      return page.length;
    },
    { maxPages: 30 },
  );
  return last;
}
