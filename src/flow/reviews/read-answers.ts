import type { Person } from "#core/model/actor.ts";
import { readReviewForm, type ReviewAnswers } from "#core/overrides/review-form.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";

/** More people than ever answer one review. */
const mostPeople = 20;

/**
 * What the people whose review it is answered in its issue: in the body, unless somebody else changed that too, and in
 * comments, of which the later ones count. null: the issue is gone.
 */
export async function readAnswers(
  { github }: Pick<Deps, "github">,
  repository: RepositoryRecord,
  number: number,
  mayReview: (person: Person) => Promise<boolean>,
): Promise<ReviewAnswers | null> {
  const text = await github.issueText(repository, number);
  if (text === null) return null;
  const known = new Map<number, boolean>();
  const counts = async (person: Person | null): Promise<boolean> => {
    if (person === null || person.type !== "User") return false;
    const before = known.get(person.id);
    if (before !== undefined) return before;
    if (known.size >= mostPeople) return false;
    const may = await mayReview(person);
    known.set(person.id, may);
    return may;
  };
  let isOurs = true;
  for (const editor of text.editors) isOurs = isOurs && (await counts(editor));
  let answers = isOurs ? readReviewForm(text.body) : {};
  for (const { by, body } of text.comments) {
    const said = readReviewForm(body);
    if (Object.keys(said).length > 0 && (await counts(by))) answers = { ...answers, ...said };
  }
  return answers;
}
