import type { Act } from "#core/model/act.ts";
import { type Call, type Command, type Outcome, refused } from "./command.ts";
import { isAgent } from "#core/people/agents.ts";
import type { ParsedCommand } from "./parse.ts";

/** A command and what it came to; `undefined`: a fact that it asked for is not there. */
export interface ExecutedCommand {
  readonly said: ParsedCommand;
  readonly outcome: Outcome | undefined;
}

/** What several commands of one comment came to, one after the other: each sees what the ones before it did. */
export interface Execution {
  readonly executed: readonly ExecutedCommand[];
  readonly acts: readonly Act[];
}

function unknownCommand({ word, nearest, isDoubted, line }: ParsedCommand): Outcome {
  if (isDoubted === true)
    return refused(
      `\`/gate ${word}\` in line ${line} was not carried out: it may not be shown as a line of its own there. Write it in a new comment, in the first column, with a blank line above and below.`,
    );
  return refused(
    `There is no command \`${word}\`.${nearest === null ? " `/gate help` lists them." : ` Did you mean \`/gate ${nearest}\`?`}`,
  );
}

/** An agent may be named in the very words that refuse it; so they say why. */
const saidToAgent = (
  outcome: Outcome,
  { actor, policy }: Pick<Call, "actor" | "policy">,
): Outcome =>
  outcome.kind === "refused" && isAgent(actor, policy.agents)
    ? {
        ...outcome,
        says: `${outcome.says} A coding agent may hold, freeze and reject; what opens a gate a person has to say.`,
      }
    : outcome;

export function execute(
  said: readonly ParsedCommand[],
  around: Omit<Call, "id" | "command" | "rest" | "commands"> & { readonly id: string },
  commands: readonly Command[],
): Execution {
  const executed: ExecutedCommand[] = [];
  const acts: Act[] = [];
  for (const [index, each] of said.entries()) {
    const command = commands.find(({ name }) => name === each.name);
    const outcome =
      command === undefined
        ? unknownCommand(each)
        : command.run({
            ...around,
            id: `${around.id}:${index}`,
            command: command.name,
            rest: each.rest,
            deployment: each.deployment,
            acts: [...around.acts, ...acts],
            commands,
          });
    if (outcome !== undefined && outcome.kind !== "answer") acts.push(...(outcome.acts ?? []));
    executed.push({ said: each, outcome: outcome && saidToAgent(outcome, around) });
  }
  return { executed, acts };
}
