import { defineFact } from "#core/model/fact.ts";

/** `repository`: a name, or owner/name; null for the judged one. */
export interface IncidentsParams {
  readonly repository: string | null;
  readonly labels: readonly string[];
}

/** An open issue that carries one of the labels. Its title may be private and is not told. */
export interface Incident {
  readonly number: number;
  readonly url: string;
  readonly label: string;
}

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
  describe: ({ repository }) => `the incidents of ${repository ?? "this repository"}`,
});
