import { inert } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";
import type { RenderedDecision } from "./decision.ts";

/** What the check run says while nothing of its subject could be read. */
export const renderUnread = (reason: string): RenderedDecision => ({
  title: oneLine(`Waiting for GitHub: ${reason}`, 255),
  summary: `**Waiting.** Nothing of this change could be read yet: ${inert(reason, 1000)}. Gatehouse tries again by itself, and answers here.`,
  text: null,
  annotations: [],
});
