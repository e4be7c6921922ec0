import { ofAnotherBase } from "#core/facts/run-origin.ts";
import { listed } from "#core/text/phrases.ts";
import { instant } from "#core/text/time.ts";
import type { Awaited, AwaitedWorkflow, Missing } from "./awaited.ts";

const pathsOf = ({ workflows }: Awaited): readonly string[] => workflows.map(({ path }) => path);
const namesOf = ({ reporters }: Awaited): readonly string[] => reporters.map(({ name }) => name);

export function neededOf(awaited: Awaited): string {
  const paths = pathsOf(awaited);
  return paths.length === 0
    ? `No check of ${listed(namesOf(awaited), 3)} is on this commit`
    : `No run of ${listed(paths, 3)}${awaited.workflows.some(({ why }) => why !== undefined) ? " that counts" : ""} has tested this commit`;
}

const why =
  "GitHub starts nothing for a commit that says [skip ci], for one that conflicts with its base, for a changed base alone, or for what a workflow pushed with its own token";

/** How people get what tests this base: GitHub starts nothing for a changed base, and a re-run tests what the first run did. */
export const wayOntoThisBase =
  "Somebody has it tested onto this base: by pushing a commit, or by closing the pull request and opening it again. A re-run at GitHub tests the earlier merge again.";

/** Of those that run here and do not count: why, and what helps. */
function whyNotCounting(workflows: readonly AwaitedWorkflow[]): readonly string[] {
  const reasons = [...new Set(workflows.flatMap(({ why }) => why ?? []))];
  return reasons.map((reason) => {
    const paths = workflows.filter(({ why }) => why === reason).map(({ path }) => path);
    return reason === ofAnotherBase
      ? `What ran of ${listed(paths, 3)} does not count: one ${reason}. ${wayOntoThisBase}`
      : `What runs of ${listed(paths, 3)} does not count: one ${reason}. The author takes that change out of this one, or somebody who may overrides the rule.`;
  });
}

/** Of those that the change keeps from running on itself: what helps. */
function whyKeptOff(workflows: readonly AwaitedWorkflow[]): readonly string[] {
  const paths = workflows.filter(({ isKeptOff }) => isKeptOff === true).map(({ path }) => path);
  return paths.length === 0
    ? []
    : [
        `On the base ${listed(paths, 3)} ${paths.length === 1 ? "tests" : "test"} such a change, and this one keeps ${paths.length === 1 ? "it" : "them"} from running. The author makes what is changed of the workflows a pull request of its own, or somebody who may overrides the rule.`,
      ];
}

export function nextOf(awaited: Awaited, until: number | undefined): string {
  const { where } = awaited;
  const workflows = awaited.workflows.filter(
    ({ why, isKeptOff }) => why === undefined && isKeptOff !== true,
  );
  const paths = workflows.map(({ path }) => path);
  const ran = workflows.filter(({ hasRun }) => hasRun).map(({ path }) => path);
  const names = namesOf(awaited);
  return [
    ...whyNotCounting(awaited.workflows),
    ...whyKeptOff(awaited.workflows),
    ...(paths.length === 0
      ? []
      : [
          `By ${paths.length === 1 ? "its file" : "their files"} GitHub starts ${listed(paths, 3)} for such a change, and Gatehouse waits for it. ${why}.`,
        ]),
    ...(ran.length === 0
      ? []
      : [
          `${listed(ran, 3)} did run before (on an earlier commit, on the base or on what was merged lately): somebody has it run here, by pushing another commit.`,
        ]),
    ...(names.length === 0
      ? []
      : [
          `${listed(names, 3)} reported on ${listed(where, 3)}: Gatehouse waits for ${names.length === 1 ? "it" : "each of them"}, or somebody sees why nothing came.`,
        ]),
    ...(until === undefined ? [] : [`Gatehouse goes on without at ${instant(until)}.`]),
    "Where something else says that a change is tested, the policy gives the names of those checks.",
  ].join(" ");
}

/** What is not waited for, and ought to be known: people take a pass for a test. */
export function warningsOf({
  late,
  groupless,
  unseen,
  keptOff,
  fresh,
}: Missing): readonly string[] {
  const [paths, names] = [pathsOf(late), namesOf(late)];
  return [
    ...(paths.length === 0
      ? []
      : [
          `No run of ${listed(paths, 3)} has begun on this commit, though by ${paths.length === 1 ? "its file" : "their files"} GitHub starts it for such a change; Gatehouse does not wait any longer. ${why}.`,
        ]),
    ...(names.length === 0
      ? []
      : [
          `No check of ${listed(names, 3)} has come, as on ${listed(late.where, 3)}; Gatehouse does not wait any longer.`,
        ]),
    ...(groupless.length === 0
      ? []
      : [
          `Nothing starts ${listed(groupless, 3)} for a merge group, so ${groupless.length === 1 ? "it does" : "they do"} not test what is merged: somebody adds \`merge_group\` to what ${groupless.length === 1 ? "it runs" : "they run"} on.`,
        ]),
    ...(unseen.length === 0
      ? []
      : [
          `GitHub compares the first 300 changed files with the \`paths\` of a workflow, and nothing among them is of ${listed(unseen, 3)}: so ${unseen.length === 1 ? "it does" : "they do"} not test this change. The author splits the change, or somebody widens those paths.`,
        ]),
    ...(keptOff.length === 0
      ? []
      : [
          `This change keeps ${listed(keptOff, 3)} from running, on itself and on what comes after it, though on the base ${keptOff.length === 1 ? "it tests" : "they test"} such changes.`,
        ]),
    ...(fresh.length === 0
      ? []
      : [
          `${listed(fresh, 3)} came to the base, or began to test such changes there, after this commit was there, so GitHub started nothing of ${fresh.length === 1 ? "it" : "them"}: the next commit is tested by ${fresh.length === 1 ? "it" : "them"}, and so is this one once the pull request is closed and opened again.`,
        ]),
  ];
}
