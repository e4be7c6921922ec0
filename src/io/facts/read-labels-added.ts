import { z } from "zod";
import type { AddedLabel } from "../../core/facts/labels-added.ts";
import { eachPage } from "../github/pages.ts";
import { asRepository } from "../github/requests.ts";
import { instant } from "./instant.ts";
import { fromRestUser, restUser } from "./person.ts";
import type { PullSource } from "./subject-source.ts";

const entry = z.looseObject({ event: z.string().optional() });
const labelled = z.object({
  event: z.enum(["labeled", "unlabeled"]),
  label: z.object({ name: z.string() }),
  actor: restUser,
  created_at: instant,
});

/** The labels that stand, each with who put it on last; of the whole timeline, or not at all. */
export async function readLabelsAdded({
  github,
  repository,
  number,
}: PullSource): Promise<readonly AddedLabel[]> {
  const standing = new Map<string, AddedLabel>();
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
        const found = labelled.safeParse(row);
        if (!found.success) continue;
        const { event, label, actor, created_at } = found.data;
        if (event === "labeled")
          standing.set(label.name, { name: label.name, by: fromRestUser(actor), at: created_at });
        else standing.delete(label.name);
      }
      return page.length;
    },
    { maxPages: 30 },
  );
  return [...standing.values()];
}
