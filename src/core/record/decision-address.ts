import { urlPart } from "#core/text/url-part.ts";

const headDigits = 12;

/** Names the newest decision on a commit of a subject, which is what a check run's link means. */
export const decisionId = ({
  subjectKey,
  headSha,
}: {
  readonly subjectKey: string;
  readonly headSha: string;
}): string => `${subjectKey}:${headSha.slice(0, headDigits)}`;

/** The address of a decision's page, below our root. An environment's name may hold anything. */
export const decisionPath = (id: string | number): string =>
  `/decisions/${urlPart(String(id)).replaceAll("%3A", ":")}`;
