import { cancel, group, intro, select, text } from "@clack/prompts";
import { UnusableInput } from "../answer.ts";
import type { Wishes } from "./starter.ts";

/** What stands between commas, without spaces and empty parts. */
export const listed = (given: string | undefined): readonly string[] =>
  (given ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** A whole number within bounds, or undefined for what is none. */
export function wholeNumber(given: string, least: number, most: number): number | undefined {
  const number = Number(given);
  return /^\d+$/.test(given.trim()) && number >= least && number <= most ? number : undefined;
}

/** Asks at a terminal what the first policy should be; throws `UnusableInput` when the person cancels. */
export async function ask(presets: readonly string[]): Promise<Wishes> {
  intro("A first policy for this repository");
  const start = await select({
    message: "Where to begin?",
    options: [
      { value: "", label: "with a few questions", hint: "reviews, checks, coverage, production" },
      ...presets.map((name) => ({ value: name, label: `gatehouse:${name}` })),
    ],
  });
  if (typeof start !== "string") throw brokenOff();
  if (start !== "") return { preset: start };
  const number =
    (least: number, most: number) =>
    (given = ""): string | undefined =>
      given === "" || wholeNumber(given, least, most) !== undefined
        ? undefined
        : `a whole number, ${least} to ${most}`;
  const answers = await group(
    {
      approvals: () =>
        text({
          message: "How many people approve a pull request?",
          placeholder: "1",
          defaultValue: "1",
          validate: number(1, 10),
        }),
      checks: () =>
        text({
          message: "Which checks must pass? Names, separated by commas.",
          placeholder: "every check that reports",
          defaultValue: "",
        }),
      coverage: () =>
        text({
          message: "How many per cent of the lines do tests cover?",
          placeholder: "not asked",
          defaultValue: "",
          validate: number(0, 100),
        }),
      environments: () =>
        text({
          message: "Which environments are deployed to only with an approval?",
          placeholder: "none",
          defaultValue: "",
        }),
    },
    {
      onCancel: () => {
        throw brokenOff();
      },
    },
  );
  return {
    approvals: wholeNumber(answers.approvals, 1, 10) ?? 1,
    checks: listed(answers.checks),
    coverage: wholeNumber(answers.coverage, 0, 100),
    environments: listed(answers.environments),
  };
}

function brokenOff(): UnusableInput {
  cancel("Nothing was written.");
  return new UnusableInput("broken off; nothing was written");
}
