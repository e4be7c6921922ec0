import type { WorkItem } from "#core/ports/queue.ts";
import { hiddenKey, incidentsKey, type HiddenQuestion } from "#core/sweep/hidden.ts";

type Marks = Readonly<Record<string, string>>;

/** A question, and what is heard where its answer is another one than before. */
export interface Asking {
  readonly question: HiddenQuestion;
  readonly changed: (marks: {
    readonly before: Marks;
    readonly after: Marks;
  }) => Promise<readonly WorkItem[]>;
}

/** Fewer are asked one by one, which is free of charge while nothing changes. */
const few = 20;
const perCall = 100;
/** Who may not list an organisation's properties today may tomorrow. */
const refusedForMs = 6 * 3_600_000;

export interface Circumstances {
  readonly seen: Readonly<Record<string, { readonly askedAt: number; readonly marks: Marks }>>;
  readonly now: number;
  /** How many repositories there are: the list of properties is of all of them. */
  readonly repositories: number;
}

interface Part {
  /** Of its answer among the answers. */
  readonly key: string;
  readonly asking: Asking;
}

const asOne = (question: HiddenQuestion, parts: readonly Part[]): Asking => ({
  question,
  changed: async ({ before, after }) => {
    const items: WorkItem[] = [];
    for (const { key, asking } of parts) {
      const [was, is] = [before[key], after[key]];
      // Not shown is not changed: it has its turn.
      if (is === undefined || is === was) continue;
      const marks = { before: was === undefined ? {} : { "": was }, after: { "": is } };
      items.push(...(await asking.changed(marks)));
    }
    return items;
  },
});

/**
 * Many questions of a kind as one that costs a call for each hundred: one by one, more than a hundred repositories took
 * hours until each had been asked for the first time.
 */
export function askedTogether(
  all: readonly Asking[],
  { seen, now, repositories }: Circumstances,
): readonly Asking[] {
  const properties: Part[] = [];
  const incidents: Part[] = [];
  const others: Asking[] = [];
  for (const asking of all) {
    const { question } = asking;
    if (question.kind === "properties")
      properties.push({ key: String(question.repository.id), asking });
    else if (question.kind === "incidents") incidents.push({ key: incidentsKey(question), asking });
    else others.push(asking);
  }
  const isRefused = (question: HiddenQuestion): boolean => {
    const before = seen[hiddenKey(question)];
    return before?.marks[""] === "forbidden" && now - before.askedAt < refusedForMs;
  };
  const join = (
    parts: readonly Part[],
    least: number,
    make: (repository: HiddenQuestion["repository"]) => HiddenQuestion,
  ): readonly Asking[] => {
    const [first] = parts;
    if (first === undefined || parts.length <= least) return parts.map(({ asking }) => asking);
    const question = make(first.asking.question.repository);
    return isRefused(question) ? parts.map(({ asking }) => asking) : [asOne(question, parts)];
  };
  return [
    ...join(properties, Math.max(few, Math.ceil(repositories / perCall)), (repository) => ({
      kind: "organization_properties",
      repository,
      asked: properties.map(({ key }) => key),
    })),
    ...join(incidents, few, (repository) => ({
      kind: "many_incidents",
      repository,
      asked: incidents.flatMap(({ asking: { question } }) =>
        question.kind === "incidents" ? [question] : [],
      ),
    })),
    ...others,
  ];
}
