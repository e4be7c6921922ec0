import { z } from "zod";
import { isTransient } from "#core/model/errors.ts";
import type { FactResult } from "#core/model/fact.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Store } from "#core/ports/store.ts";
import { readKeptFact } from "#core/record/put-together.ts";

/**
 * What the answer that stands was made of: facts by need key, each by the digest of its text. Where one cannot be read,
 * what it was then stands in for a few minutes, and for one question only: whether the answer would still be the same.
 */
const basis = z.object({
  head: z.string(),
  policy: z.string(),
  judged: z.array(
    z.object({ number: z.number().nullable(), facts: z.record(z.string(), z.string()) }),
  ),
});
export type Basis = z.infer<typeof basis>;

const keyOf = (subject: Subject): string => `stands-on:${subjectKey(subject)}`;

export async function noteBasis(store: Store, subject: Subject, told: Basis): Promise<void> {
  await store.records.setValue(keyOf(subject), JSON.stringify(told));
}

/** null: there is no earlier answer, or it was made by another policy. */
export async function basisOf(
  store: Store,
  subject: Subject,
  policy: string,
): Promise<Basis | null> {
  const stored = await store.records.getValue(keyOf(subject));
  const read = stored === null ? null : basis.safeParse(JSON.parse(stored)).data;
  return read?.policy === policy ? read : null;
}

/** Reads as `session` does, but what it cannot read for a reason that passes is what it was when the answer was given. */
export function asLastRead(
  store: Store,
  session: Pick<FactSession, "read">,
  { judged }: Basis,
  number: number | null,
): Pick<FactSession, "read"> {
  const facts = judged.find((one) => one.number === number)?.facts ?? {};
  return {
    read: async (needs) => {
      const table = new Map<string, FactResult<unknown>>(await session.read(needs));
      const missing = [...table].flatMap(([key, result]) => {
        const digest = facts[key];
        return result.ok || !isTransient(result.code) || digest === undefined
          ? []
          : [{ key, digest }];
      });
      if (missing.length === 0) return table;
      const texts = await store.inputs.read(missing.map(({ digest }) => digest));
      for (const { key, digest } of missing) {
        const before = readKeptFact(texts.get(digest) ?? "");
        if (before?.ok === true) table.set(key, before);
      }
      return table;
    },
  };
}
