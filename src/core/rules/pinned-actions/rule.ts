import { isWorkflowPath } from "#core/facts/workflows.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { fail, pass, type Verdict } from "#core/model/verdict.ts";
import { changedTextFacts, changedTexts, notYetThere } from "../kit/changed-texts.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import type { Ask } from "#core/facts/ask.ts";
import { switchedOn } from "../kit/params.ts";
import { count, quoted } from "#core/text/phrases.ts";
import { whyNotPinned } from "./pin.ts";
import { usesOf } from "./uses.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";

const required = "each `uses:` of a changed workflow pinned to a full commit SHA";

export const pinnedActions = defineRule<true>({
  name: "pinned_actions",
  summary: "Each action that a changed workflow uses is pinned to a full commit SHA.",
  appliesTo: ["pull_request"],
  params: switchedOn,
  needs: () => changedTextFacts,
  judge,
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  describe: () => required,
});

function judge(_: RuleContext<true>, ask: Ask): Verdict | undefined {
  const texts = changedTexts(mayUseActions, ask);
  if (texts === undefined) return undefined;
  if (texts.length === 0) return pass({ found: "no workflow changed", required });
  const inspected = texts.map(({ path, text }) => inspect(path, text ?? ""));
  const annotations = inspected.flatMap((file) => file.annotations);
  const uses = inspected.reduce((sum, file) => sum + file.uses, 0);
  if (annotations.length > 0) {
    const [first] = annotations;
    return fail({
      found: `${annotations.length} of ${count(uses, "use")} in ${count(texts.length, "file")} not pinned`,
      required,
      need:
        annotations.length === 1 && first !== undefined
          ? `an action is not pinned to a commit SHA: ${first.path}:${first.startLine}`
          : `${annotations.length} actions are not pinned to a commit SHA`,
      next: "The author replaces the tags and branches by the full commit SHA they stand for; the lines are annotated.",
      annotations,
    });
  }
  return (
    notYetThere(texts, required) ??
    pass({ found: `${count(uses, "use")} in ${count(texts.length, "file")}, all pinned`, required })
  );
}

/** Workflows and composite actions, as GitHub finds them. */
const mayUseActions = (path: string): boolean =>
  isWorkflowPath(path) || /(^|\/)action\.ya?ml$/u.test(path);

function inspect(
  path: string,
  text: string,
): { readonly uses: number; readonly annotations: readonly Annotation[] } {
  const file = usesOf(text);
  if (!file.ok) {
    return {
      uses: 1,
      annotations: [
        {
          path,
          startLine: file.line,
          endLine: file.line,
          level: "failure",
          title: "Cannot be checked",
          message: `${file.problem}. What it uses could not be checked.`,
        },
      ],
    };
  }
  const annotations = file.uses.flatMap(({ value, startLine, endLine }): readonly Annotation[] => {
    const why = whyNotPinned(value);
    if (why === null) return [];
    const message = `${value === null ? "This `uses:`" : quoted(value, 200)} ${why}. Pin it to the full commit SHA (40 hexadecimal digits), or an image to its sha256 digest.`;
    return [{ path, startLine, endLine, level: "failure", title: "Action is not pinned", message }];
  });
  return { uses: file.uses.length, annotations };
}
