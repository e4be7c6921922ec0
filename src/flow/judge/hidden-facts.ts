import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { Records } from "#core/ports/records.ts";
import { hiddenAmong, type HiddenFacts } from "#core/sweep/hidden.ts";

const keyOf = (subject: Subject): string => `hidden:${subjectKey(subject)}`;

const standsOnNone: HiddenFacts = { people: [], sources: [] };

/** Keeps which of the facts that no sweep sees at a glance an answer stands on, so that a sweep asks for just these. */
export async function noteHidden(
  records: Records,
  subject: Subject,
  factKeys: readonly string[],
): Promise<void> {
  const found = hiddenAmong(factKeys);
  const text = JSON.stringify(found);
  const before = await records.getValue(keyOf(subject));
  if (before === text || (before === null && text === JSON.stringify(standsOnNone))) return;
  await records.setValue(keyOf(subject), text);
}

export async function hiddenFacts(records: Records, subject: Subject): Promise<HiddenFacts> {
  const stored = await records.getValue(keyOf(subject));
  return stored === null
    ? standsOnNone
    : { ...standsOnNone, ...(JSON.parse(stored) as Partial<HiddenFacts>) };
}
