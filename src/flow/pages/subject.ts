import { readSubjectKey } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { SubjectState } from "#core/ports/views.ts";

/** A subject as people name it, with the page at GitHub that shows it. */
export interface SubjectView {
  readonly kind: SubjectState["kind"];
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number | null;
  readonly environment: string | null;
  readonly sha: string;
  readonly label: string;
  readonly url: string;
}

interface Identified {
  readonly kind: SubjectState["kind"];
  readonly number: number | null;
  readonly environment: string | null;
  readonly headSha: string;
}

export function subjectView(
  { kind, number, environment, headSha }: Identified,
  { owner, name }: Pick<RepositoryRecord, "owner" | "name">,
  webUrl: string,
): SubjectView {
  const root = `${webUrl}/${owner}/${name}`;
  const full = `${owner}/${name}`;
  const commit = headSha.slice(0, 7);
  const common = { kind, repository: full, number, environment, sha: headSha };
  switch (kind) {
    case "pull_request":
      return { ...common, label: `${full}#${number ?? ""}`, url: `${root}/pull/${number ?? ""}` };
    case "merge_group":
      return {
        ...common,
        label: `Merge group ${commit} of ${full}`,
        url: `${root}/commit/${headSha}`,
      };
    case "deployment":
      return {
        ...common,
        label: `${full} ${commit} to ${environment ?? ""}`,
        url: `${root}/commit/${headSha}`,
      };
  }
}

/** What a subject's key says of it; null: none of ours. */
export function identified(
  subjectKey: string,
  headSha: string,
): (Identified & { readonly repository: number }) | null {
  const subject = readSubjectKey(subjectKey);
  if (subject === null) return null;
  const { kind, repository } = subject;
  return {
    kind,
    repository,
    headSha,
    number: kind === "pull_request" ? subject.number : null,
    environment: kind === "deployment" ? subject.environment : null,
  };
}
