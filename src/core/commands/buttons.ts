import type { Act, ActKind } from "#core/model/act.ts";
import type { CheckRunAction } from "#core/model/effect.ts";
import { readSubjectKey } from "#core/model/subject.ts";
import type { DeploymentNamed } from "./command.ts";
import type { CommandName } from "./names.ts";
import type { ParsedCommand } from "./parse.ts";

/**
 * Buttons of our check runs: the same commands, with the same authority (threat T49). The identifier carries how many
 * acts there were when the button was shown, so that a press that is delivered again, or that answers a check run of
 * before, does nothing.
 */
export type ButtonName = Extract<
  CommandName,
  "recheck" | "hold" | "unhold" | "confirm" | "approve" | "reject"
>;

const words: Readonly<Record<ButtonName, Omit<CheckRunAction, "identifier">>> = {
  recheck: { label: "Check again", description: "Judge this commit again now" },
  hold: { label: "Hold", description: "Hold this pull request (triage)" },
  unhold: { label: "Lift the hold", description: "Let the gate go on (triage)" },
  confirm: { label: "Confirm override", description: "Confirm what somebody else asked for" },
  approve: { label: "Approve", description: "Approve this deployment" },
  reject: { label: "Reject", description: "Reject this deployment" },
};

export const buttonLabel = (name: ButtonName): string => words[name].label;

export const button = (name: ButtonName, acts: number): CheckRunAction => ({
  ...words[name],
  identifier: `${name}:${acts.toString(36)}`,
});

export interface PressedButton {
  readonly name: ButtonName;
  readonly acts: number;
}

/** What makes a button's meaning another one, when it was said after the button was shown. */
const outdatedBy: Readonly<Record<ButtonName, readonly ActKind[]>> = {
  recheck: [],
  hold: ["hold", "unhold"],
  unhold: ["hold", "unhold"],
  confirm: ["override", "override_cancel"],
  approve: ["reject"],
  reject: ["reject"],
};

/** Whether the button was shown before something that makes it say something else. `acts`: all that there are now, oldest first. */
export function isStale(pressed: PressedButton, acts: readonly Act[]): boolean {
  if (outdatedBy[pressed.name].length === 0) return false;
  return (
    pressed.acts > acts.length ||
    acts.slice(pressed.acts).some(({ kind }) => outdatedBy[pressed.name].includes(kind))
  );
}

/** What an identifier says; null for one that is none of ours. */
export function readButton(identifier: string): PressedButton | null {
  const match = /^([a-z]{1,10}):([0-9a-z]{1,9})$/.exec(identifier);
  const name = (Object.keys(words) as ButtonName[]).find((each) => each === match?.[1]);
  const acts = Number.parseInt(match?.[2] ?? "", 36);
  return name === undefined || !Number.isSafeInteger(acts) ? null : { name, acts };
}

/**
 * The deployment of which our check run speaks, by its `external_id` (its key, and what `check-run` appends);
 * null for the check runs of pull requests. Its name is for people: an environment may be called `policy`, or hold
 * blanks and slashes.
 */
export function deploymentOfCheck(
  externalId: string | null,
): { readonly deploymentId: number; readonly environment: string } | null {
  const [, key = ""] = /^(.{1,300}):[0-9a-f]{7,12}:[^:]{1,20}$/s.exec(externalId ?? "") ?? [];
  const subject = readSubjectKey(key);
  return subject?.kind === "deployment"
    ? { deploymentId: subject.deploymentId, environment: subject.environment }
    : null;
}

/** The button as a command: a deployment's buttons speak of its environment and commit, as data. */
export function saidByButton(
  pressed: PressedButton,
  deployment: DeploymentNamed | null,
): ParsedCommand | null {
  const said = (rest: string): ParsedCommand => ({
    name: pressed.name,
    word: pressed.name,
    nearest: null,
    rest,
    line: 1,
    ...(deployment === null ? {} : { deployment }),
  });
  switch (pressed.name) {
    case "approve":
      return deployment === null ? null : said("");
    case "reject":
      return deployment === null ? null : said("rejected with the button");
    case "recheck":
    case "hold":
    case "unhold":
    case "confirm":
      return deployment === null || pressed.name === "recheck" ? said("") : null;
  }
}

/** The buttons of a pull request's check run: at most GitHub's three. */
export function pullRequestButtons(state: {
  readonly acts: number;
  readonly isHeld: boolean;
  readonly waitsForConfirmation: boolean;
}): readonly CheckRunAction[] {
  return [
    button("recheck", state.acts),
    button(state.isHeld ? "unhold" : "hold", state.acts),
    ...(state.waitsForConfirmation ? [button("confirm", state.acts)] : []),
  ];
}

/** The buttons of a deployment's check run while it waits for people. */
export const deploymentButtons = (acts: number): readonly CheckRunAction[] => [
  button("approve", acts),
  button("reject", acts),
  button("recheck", acts),
];
