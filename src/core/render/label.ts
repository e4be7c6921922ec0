import type { AddedLabel } from "#core/facts/labels-added.ts";
import type { Person } from "#core/model/actor.ts";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { either } from "#core/text/phrases.ts";
import { actorNames } from "#core/people/who-is-among.ts";
import { inert } from "#core/text/markdown.ts";

/** A label by somebody without the right: taken off, with one line. */
export function labelRefused(
  { name: label, by, viaApp }: AddedLabel,
  definition: OverrideDefinition,
  owner: string,
): string {
  const who =
    viaApp === true
      ? "an App in somebody's name"
      : by === null
        ? "an account that is gone"
        : inert(`@${by.login}`);
  return `The label ${inert(label)}, added by ${who}, was taken off: only ${inert(either(actorNames(definition.by, owner)), 400)} may ask for the override ${inert(definition.name)}.`;
}

/** A label that a push left standing. */
export function labelRemoved(label: string, override: string): string {
  return `The label ${inert(label)} was taken off: the head moved on, and the override ${inert(override)} was for the commit before. Add it again for this one.`;
}

/** A label on a pull request that is merged already, while something of it waits to go out. */
export function labelTooLate(label: string, override: string): string {
  return `The label ${inert(label)} asks for the override ${inert(override)} of an open pull request, and this one is merged: nothing follows from it. For the deployment that waits, say ${commandSpan("override", override, "<reason>")}.`;
}

/** What a label still needs. */
export function labelAwaitsReason(
  label: string,
  by: Person,
  definition: OverrideDefinition,
): string {
  const ticket =
    definition.ticket === "required" ? ", with an issue or ticket such as OPS-34," : "";
  return `⏳ ${inert(`@${by.login}`)} asked for the override ${inert(definition.name)} with the label ${inert(label)}: the reason${ticket} is what they comment next.`;
}
