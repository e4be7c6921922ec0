import { defineFact } from "#core/model/fact.ts";

/** `repository`: a name, or owner/name; null for the judged one. */
export interface IncidentsParams {
  readonly repository: string | null;
  readonly labels: readonly string[];
}

/**
 * An open issue that carries one of the labels. Its title may be private and is not told. `number` and `url` are null where
 * it is kept in a private repository and the judged one is public.
 */
export interface Incident {
  readonly number: number | null;
  readonly url: string | null;
  readonly label: string;
}

/** Its name may be private: a public repository's check run does not tell it. */
export const keptElsewhere = "the repository where incidents are kept";

export const openIncidents = defineFact<IncidentsParams, readonly Incident[]>({
  name: "open_incidents",
  summary: "Open issues that carry one of the labels of an incident.",
  changedBy: [
    "issues.opened",
    "issues.closed",
    "issues.reopened",
    "issues.labeled",
    "issues.unlabeled",
    "issues.deleted",
    "issues.transferred",
    "label.edited",
    "label.deleted",
  ],
  permissions: ["issues"],
  cost: "shared",
  describe: ({ repository }) =>
    `the incidents of ${repository === null ? "this repository" : keptElsewhere}`,
});
