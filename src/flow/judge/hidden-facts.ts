import { health, healthAsked, healthWord } from "#core/facts/health.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { Records } from "#core/ports/records.ts";
import { hiddenAmong, type HiddenFacts } from "#core/sweep/hidden.ts";

/** The name of the kept value that says which facts an answer on a subject stands on. */
export const hiddenKeyOf = (subject: Subject): string => `hidden:${subjectKey(subject)}`;

const standsOnNone: HiddenFacts = { people: [], sources: [] };

/** What an answer stands on of health, in a word each, by the need's key; undefined: on none. */
export function healthAmong(facts: FactTable): HiddenFacts["health"] {
  const words = [...facts.keys()].flatMap((key) => {
    const asked = healthAsked(key);
    const found = asked === undefined ? undefined : lookUp(facts, health.need(asked));
    return found?.ok === true ? [[key, healthWord(found.value)] as const] : [];
  });
  return words.length === 0 ? undefined : Object.fromEntries(words);
}

/** Keeps which of the facts that no sweep sees at a glance an answer stands on, so that a sweep asks for just these. */
export async function noteHidden(
  records: Records,
  subject: Subject,
  factKeys: readonly string[],
  health?: HiddenFacts["health"],
): Promise<void> {
  const found = { ...hiddenAmong(factKeys), ...(health === undefined ? {} : { health }) };
  const text = JSON.stringify(found);
  const before = await records.getValue(hiddenKeyOf(subject));
  if (before === text || (before === null && text === JSON.stringify(standsOnNone))) return;
  await records.setValue(hiddenKeyOf(subject), text);
}

export async function hiddenFacts(records: Records, subject: Subject): Promise<HiddenFacts> {
  return hiddenIn(await records.getValue(hiddenKeyOf(subject)));
}

/** The kept value, read back. */
export const hiddenIn = (stored: string | null): HiddenFacts =>
  stored === null
    ? standsOnNone
    : { ...standsOnNone, ...(JSON.parse(stored) as Partial<HiddenFacts>) };
