import type { NotYet } from "#core/deployments/others-at-github.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";
import type { RenderedDecision } from "./decision.ts";

const titles: Readonly<Record<NotYet["waitsFor"], (at: number | null) => string>> = {
  reviewers: () => "Everything here is met; answers once GitHub's reviewers have",
  timer: (at) =>
    `Everything here is met; answers ${at === null ? "when" : `at ${instant(at)}, when`} GitHub's wait timer ends`,
  news: () => "Everything here is met; looks whether GitHub asks its own reviewers",
};

/** Allowed, and not said yet. */
export function renderNotYet(
  rendered: RenderedDecision,
  { waitsFor, at }: NotYet,
): RenderedDecision {
  const title = titles[waitsFor](at);
  return {
    ...rendered,
    title: oneLine(title, 255),
    summary: `**${title}**, so that it is true when the job starts. An answer to GitHub cannot be taken back, so Gatehouse's is the last; nobody has to wait for it.\n\n${rendered.summary}`,
  };
}

/** Allowed without knowing what the job waits for besides. */
export const renderBlind = (rendered: RenderedDecision): RenderedDecision => ({
  ...rendered,
  summary: `${rendered.summary}\n\n⚠️ Whether GitHub's own reviewers or a wait timer keep the job waiting could not be seen: where they do, it starts after them on this answer, whatever changes in between.`,
});
