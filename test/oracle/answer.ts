/** What the oracle says of one question; `unjudged` is never taken for agreement. */
export type Word = "yes" | "no" | "unjudged";

export interface Answer {
  readonly word: Word;
  readonly why: string;
}

export const yes = (why = ""): Answer => ({ word: "yes", why });
export const no = (why: string): Answer => ({ word: "no", why });
export const unjudged = (why: string): Answer => ({ word: "unjudged", why });

const joined = (answers: readonly Answer[], word: Word): string =>
  answers
    .filter((one) => one.word === word && one.why !== "")
    .map((one) => one.why)
    .join("; ");

/** Yes when all are; one no decides. */
export function all(answers: readonly Answer[]): Answer {
  for (const word of ["no", "unjudged"] as const)
    if (answers.some((one) => one.word === word)) return { word, why: joined(answers, word) };
  return yes(joined(answers, "yes"));
}

/** Yes when one is; no when all are no. */
export function any(answers: readonly Answer[]): Answer {
  for (const word of ["yes", "unjudged"] as const)
    if (answers.some((one) => one.word === word)) return { word, why: joined(answers, word) };
  return no(joined(answers, "no") || "none of them");
}

export const opposite = (answer: Answer): Answer =>
  answer.word === "unjudged"
    ? answer
    : { word: answer.word === "yes" ? "no" : "yes", why: answer.why };
