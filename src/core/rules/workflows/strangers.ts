import { isMap, isScalar, isSeq, type Document } from "yaml";
import { keyOf, resolved } from "../pinned-actions/uses.ts";

/** Events by which a stranger's pull request starts a run that has this repository's rights and secrets. */
const strangers: ReadonlySet<string> = new Set([
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "pull_request_review_comment",
]);

/** Whether a workflow may run on behalf of strangers; where `on` cannot be read, it may. */
export function runsForStrangers(on: unknown, document: Document): boolean {
  const node = resolved(on, document);
  if (isScalar(node)) return strangers.has(String(node.value));
  if (isSeq(node))
    return node.items.some((item) => {
      const each = resolved(item, document);
      return !isScalar(each) || strangers.has(String(each.value));
    });
  if (isMap(node))
    return node.items.some((pair) => strangers.has(String(keyOf(pair.key, document))));
  return true;
}

/** Expressions that name the repository's own code. */
const own =
  /^\$\{\{\s*(?:github\.(?:ref|sha|ref_name|base_ref|repository|event\.repository\.(?:default_branch|full_name)|event\.pull_request\.base\.(?:ref|sha|repo\.full_name)))\s*\}\}$/;

/** A step of a workflow, as far as it may fetch code. */
export interface Step {
  readonly uses: string;
  readonly run: string;
  readonly inputs: readonly (readonly [key: string, value: string])[];
}

/**
 * Whether the step fetches a stranger's code: a checkout at a ref or repository that an expression names, unless it is
 * the base's, or at a pull request's ref; or a script that does the same by hand. An expression that nobody can follow
 * counts.
 */
export function isUntrustedCheckout({ uses, run, inputs }: Step): boolean {
  if (/^actions\/checkout(?:@|$)/i.test(uses))
    return inputs.some(
      ([key, value]) =>
        /^(?:ref|repository)$/i.test(key) &&
        (/refs\/pull\//.test(value) || (value.includes("${{") && !own.test(value.trim()))),
    );
  return (
    /\bgh\s+pr\s+checkout\b/.test(run) ||
    (/\bgit\b/.test(run) &&
      /refs\/pull\/|\bpull\/|github\.head_ref|GITHUB_HEAD_REF|pull_request\.head|workflow_run\.head/.test(
        run,
      ))
  );
}
