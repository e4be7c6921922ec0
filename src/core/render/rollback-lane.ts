import { inert } from "#core/text/markdown.ts";
import { short } from "#core/text/phrases.ts";

/** What is told of the way back, in plain text but for the command. */
export interface LaneWords {
  readonly environment: string;
  readonly who: string;
  readonly command: string | null;
  readonly to: string | null;
  readonly workflow: string | null;
}

/** Where the command is to be said: on a pull request by its number, or where this is read. */
export const saidOn = (number: number | null): string =>
  `on ${number === null ? "the pull request that brought it" : `#${number}`}`;

/** Who starts the roll back, with which command, and what happens then. `show`: how names are written here; Markdown else. */
export function rollbackWords(
  { environment, who, command, to, workflow }: LaneWords,
  where: string,
  show: (text: string) => string = (text) => inert(text, 600),
): string {
  const there = show(environment);
  if (command === null || to === null)
    return `No earlier commit is known to have run in ${there}, so there is none to go back to: mending it means going forward.`;
  const then =
    workflow === null
      ? `deploy ${short(to)} to ${there}`
      : `start the workflow ${show(workflow)} for ${short(to)}`;
  return `To roll ${there} back, ${show(who)} write ${command} ${where}, and then ${then}: it takes the fast lane.`;
}
