import type { CheckRunAction } from "../model/effect.ts";
import type { CommandName } from "./names.ts";
import type { SaidCommand } from "./parse.ts";

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

export const button = (name: ButtonName, acts: number): CheckRunAction => ({
  ...words[name],
  identifier: `${name}:${acts.toString(36)}`,
});

export interface PressedButton {
  readonly name: ButtonName;
  readonly acts: number;
}

/** What an identifier says; null for one that is none of ours. */
export function readButton(identifier: string): PressedButton | null {
  const match = /^([a-z]{1,10}):([0-9a-z]{1,9})$/.exec(identifier);
  const name = (Object.keys(words) as ButtonName[]).find((each) => each === match?.[1]);
  const acts = Number.parseInt(match?.[2] ?? "", 36);
  return name === undefined || !Number.isSafeInteger(acts) ? null : { name, acts };
}

/** The environment of a check run `gatehouse / <environment>`; null for the others. */
export function environmentOfCheck(checkName: string): string | null {
  const environment = /^gatehouse \/ (.{1,255})$/s.exec(checkName)?.[1];
  return environment === undefined || environment === "policy" ? null : environment;
}

/** The button as a command: deployments' buttons speak of their check run's environment and commit. */
export function saidByButton(
  pressed: PressedButton,
  checkName: string,
  sha: string,
): SaidCommand | null {
  const environment = environmentOfCheck(checkName);
  const said = (rest: string): SaidCommand => ({
    name: pressed.name,
    word: pressed.name,
    nearest: null,
    rest,
    line: 1,
  });
  switch (pressed.name) {
    case "approve":
      return environment === null ? null : said(`${environment} ${sha}`);
    case "reject":
      return environment === null ? null : said(`${environment} ${sha} rejected with the button`);
    case "recheck":
    case "hold":
    case "unhold":
    case "confirm":
      return environment === null || pressed.name === "recheck" ? said("") : null;
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
