import { teamMembers } from "#core/facts/people.ts";
import type { Actors } from "#core/model/actor.ts";
import { inert, table } from "#core/text/markdown.ts";
import { teamOf, weakestOf } from "#core/people/who-is-among.ts";
import { mayUse, toRole } from "./authority.ts";
import { answered, type Call, type Command, type Grant } from "./command.ts";

const mostNames = 8;

/** Names, not only teams: who is in a team now, as far as it can be read. */
function teamWords(team: string, call: Call): string {
  const slug = teamOf(team, call.context.owner);
  const name = inert(`@${slug.includes("/") ? slug : `${call.context.owner}/${slug}`}`);
  const members = call.ask(teamMembers.need(slug));
  if (members === undefined) return `${name} (whose members cannot be read)`;
  const logins = members.slice(0, mostNames).map(({ login }) => inert(`@${login}`));
  const more = members.length > mostNames ? ` and ${members.length - mostNames} more` : "";
  return members.length === 0 ? `${name} (nobody)` : `${name} (${logins.join(", ")}${more})`;
}

function actorWords(actors: Actors, call: Call): readonly string[] {
  const role = weakestOf(actors.roles);
  return [
    ...(actors.teams ?? []).map((team) => teamWords(team, call)),
    ...(actors.users ?? []).map((login) => inert(`@${login}`)),
    ...(role === null
      ? []
      : [`people with the role ${role}${role === "admin" ? "" : " or a stronger one"}`]),
  ];
}

function whoWords(grants: readonly Grant[], call: Call): string {
  if (grants.length === 0) return "nobody: the policy defines none";
  const words = grants.map((grant) => {
    const who = [
      ...(grant.author ? ["the pull request's author"] : []),
      ...actorWords(grant.actors, call),
    ].join(", ");
    return grant.of === null ? who : `${inert(grant.of)}: ${who}`;
  });
  return [...new Set(words)].join("; ");
}

export const help: Command = {
  name: "help",
  usage: "",
  summary: "Lists what there is to say, and who may say it.",
  who: "read",
  grants: () => [toRole("read")],
  run: (call) => {
    const rows = call.commands.map((command) => {
      const grants = command.grants(call.policy);
      const may = mayUse(call, grants);
      const usage = command.usage === "" ? "" : ` ${command.usage}`;
      return [
        `\`/gate ${command.name}${usage.replaceAll("|", "\\|")}\``,
        command.summary,
        whoWords(grants, call),
        may === true ? "✔" : " ",
      ];
    });
    const bare = call.policy.commands.bare ? " The `/gate` in front may be left out." : "";
    return answered(
      [
        `Commands stand at the start of a line of a new comment.${bare}`,
        table(["Command", "Does", "Who may", inert(`@${call.actor.login}`)], rows),
      ].join("\n\n"),
    );
  },
};
