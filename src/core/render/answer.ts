import type { Person } from "../model/actor.ts";
import { inert } from "./markdown.ts";

/** An answer with the question in front, so that a reader of the one comment knows what it answers. */
export function commandAnswer(actor: Person, said: { readonly word: string; readonly rest: string }, says: string): string {
  return `${inert(`@${actor.login}`)}, \`/gate ${said.word}\`${said.rest === "" ? "" : ` ${inert(said.rest, 120)}`}:\n\n${says}`;
}
