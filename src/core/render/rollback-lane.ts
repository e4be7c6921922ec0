import { inert } from "#core/text/markdown.ts";
import { short } from "#core/text/phrases.ts";

/** What is told of the way back; who may start it and the command are inert already. */
export interface LaneWords {
  readonly environment: string;
  readonly who: string;
  readonly command: string | null;
  readonly to: string | null;
  readonly workflow: string | null;
}

/** Who starts the roll back, with which command, and what happens then. `number`: the pull request on which to say it. */
export function rollbackWords(
  { environment, who, command, to, workflow }: LaneWords,
  number: number | null,
): string {
  const where = inert(environment);
  if (command === null || to === null)
    return `No earlier commit is known to have run in ${where}: there is nothing to go back to, and mending it means going forward.`;
  const on = number === null ? "the pull request that brought it" : `#${number}`;
  const then =
    workflow === null
      ? `deploy \`${short(to)}\` to ${where}`
      : `start the workflow ${inert(workflow)} for \`${short(to)}\``;
  return `To roll ${where} back, ${who} write ${command} on ${on}, and then ${then}: it takes the fast lane.`;
}
