import { withoutComments } from "#core/text/without-comments.ts";

/** What a review is asked for, in the order of the form. `judged` may stay open; the rest is what a report lives on. */
export const reviewQuestions = [
  {
    key: "incident",
    title: "Incident",
    asks: "Which one it was, with a link; none, where there was none.",
  },
  { key: "impact", title: "Impact", asks: "Who noticed it, how, and for how long." },
  {
    key: "caughtBy",
    title: "Rule that would have caught it",
    asks: "By its name in the policy, or the rule that is missing; none, where no rule could have.",
  },
  {
    key: "changes",
    title: "What changes",
    asks: "In the code, the policy or the way of working, with a link; nothing, where nothing does.",
  },
  { key: "judged", title: "Was it right to go past the gate", asks: "Yes or no." },
] as const;

export type ReviewQuestion = (typeof reviewQuestions)[number]["key"];
/** What was answered, as it was written; a question that nobody answered is not in it. */
export type ReviewAnswers = Readonly<Partial<Record<ReviewQuestion, string>>>;

const optional: ReadonlySet<ReviewQuestion> = new Set(["judged"]);
/** Longer answers belong into the issue. */
const mostCharacters = 1_000;
/** GitHub takes no longer text. */
const mostRead = 65_536;

/** The form at the end of a review's issue. What is asked stands in comments, so that a form that nobody touched is empty. */
export const reviewForm = (): string =>
  [
    "Please answer below each heading, here or in a comment with the same headings; the report counts what is answered.",
    ...reviewQuestions.map(({ title, asks }) => `### ${title}\n<!-- ${asks} -->\n`),
  ].join("\n\n");

/** Titles of required questions that nobody answered. */
export const unanswered = (answers: ReviewAnswers): readonly string[] =>
  reviewQuestions
    .filter(({ key }) => !optional.has(key) && answers[key] === undefined)
    .map(({ title }) => title);

/** `### Impact`, `**Impact**`, `Impact: nobody`; quotes are none. */
const heads = reviewQuestions.map(({ key, title }) => ({
  key,
  shape: new RegExp(
    `^(?:#{1,6} +)?(?:\\*\\*)?${title}\\??(?:\\*\\*)?(?: *[:?](?:\\*\\*)?(.*))?$`,
    "iu",
  ),
}));
const anyHead = /^#{1,6} /;
const fence = /^ {0,3}(?:```|~~~)/;
/** What people leave where an answer belongs. */
const blank = /^(?:[-–—_.…]+|to ?do|tbd|_no response_)?$/iu;

/** Answers that a text holds below the headings of the form. Hostile input: every line is looked at once. */
export function readReviewForm(text: string): ReviewAnswers {
  const found = new Map<ReviewQuestion, string[]>();
  let current: string[] | null = null;
  let isFenced = false;
  for (const line of withoutComments(text.slice(0, mostRead)).split(/\r\n|\n|\r/)) {
    if (fence.test(line)) isFenced = !isFenced;
    const short = isFenced || line.length > mostCharacters ? "" : line.trim();
    const head = heads.find(({ shape }) => shape.test(short));
    if (head !== undefined) {
      current = [head.shape.exec(short)?.[1] ?? ""];
      found.set(head.key, current);
    } else if (anyHead.test(short)) current = null;
    else current?.push(line);
  }
  return Object.fromEntries(
    [...found].flatMap(([key, lines]) => {
      const answer = lines.join("\n").trim();
      return blank.test(answer) ? [] : [[key, answer.slice(0, mostCharacters)]];
    }),
  );
}

/** Whether going past the gate was judged right; undefined: nobody said clearly. */
export function judgedRight({ judged }: ReviewAnswers): boolean | undefined {
  const word = /^[\s*_]*(\p{L}+)/u.exec(judged ?? "")?.[1]?.toLowerCase();
  if (word === "yes" || word === "right") return true;
  return word === "no" || word === "wrong" ? false : undefined;
}

/** Rules that would have caught it: those of the policy that the answer names, else the answer itself. */
export function caughtBy(
  { caughtBy: said }: ReviewAnswers,
  rules: readonly string[],
): readonly string[] {
  if (said === undefined) return [];
  const words = new Set(said.split(/[^\p{L}\p{N}_-]+/u).map((word) => word.toLowerCase()));
  const named = rules.filter((name) => words.has(name.toLowerCase()));
  if (named.length > 0) return named;
  const first = said.split("\n", 1)[0]?.trim() ?? "";
  return [/^(?:none|no rule)\b/iu.test(first) ? "none" : first.slice(0, 100)];
}
