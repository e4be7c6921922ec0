import { all, any, no, opposite, unjudged, yes, type Answer } from "./answer.ts";
import { docOf, listOf, textsOf, type Doc } from "./doc.ts";
import { nameMatches, pathMatches } from "./scene.ts";

/** What `when` may ask about; undefined where a key says nothing of the subject. */
export interface Asked {
  readonly base?: string;
  readonly head?: string;
  readonly paths?: readonly string[];
  readonly author?: string | null;
  readonly labels?: readonly string[];
  readonly title?: string;
  readonly draft?: boolean;
  readonly fork?: boolean;
  readonly lines?: number;
  readonly contributors?: readonly string[];
  /** What each contributor is: person, bot, agent. */
  readonly kinds?: readonly string[];
  readonly environment?: string;
  readonly ref?: string;
  readonly repository: readonly string[];
  readonly properties: Readonly<Record<string, string | readonly string[] | null>>;
}

const is = (holds: boolean, why: string): Answer => (holds ? yes() : no(why));
const bot = (login: string): string => login.toLowerCase().replace(/\[bot\]$/, "");

function one(key: string, wanted: unknown, asked: Asked): Answer {
  const globs = textsOf(wanted);
  const some = (
    value: string | undefined,
    matches: (glob: string, name: string) => boolean,
  ): Answer =>
    value === undefined
      ? yes(`${key} says nothing here`)
      : is(
          globs.some((glob) => matches(glob, value)),
          `${key} ${value}`,
        );
  switch (key) {
    case "branches":
      return some(asked.base, pathMatches);
    case "head_branches":
      return some(asked.head, pathMatches);
    case "paths":
      return asked.paths === undefined
        ? yes()
        : is(
            asked.paths.some((path) => globs.some((glob) => pathMatches(glob, path))),
            "paths",
          );
    case "only_paths":
      return asked.paths === undefined
        ? yes()
        : is(
            asked.paths.length > 0 &&
              asked.paths.every((path) => globs.some((glob) => pathMatches(glob, path))),
            "only_paths",
          );
    case "authors":
      if (asked.author === undefined) return yes();
      return is(
        asked.author !== null &&
          globs.some(
            (glob) =>
              nameMatches(glob.toLowerCase(), asked.author?.toLowerCase() ?? "") ||
              (asked.author?.endsWith("[bot]") === true && bot(glob) === bot(asked.author)),
          ),
        "authors",
      );
    case "labels":
    case "without_labels": {
      if (asked.labels === undefined) return yes();
      const has = asked.labels.some((label) =>
        globs.some((glob) => nameMatches(glob.toLowerCase(), label.toLowerCase())),
      );
      return is(has === (key === "labels"), key);
    }
    case "title":
      return asked.title === undefined ? yes() : matchesText(String(wanted), asked.title);
    case "draft":
      return asked.draft === undefined ? yes() : is(asked.draft === wanted, "draft");
    case "fork":
      return asked.fork === undefined ? yes() : is(asked.fork === wanted, "fork");
    case "environments":
      return some(asked.environment, (glob, name) =>
        nameMatches(glob.toLowerCase(), name.toLowerCase()),
      );
    case "refs":
      return asked.ref === undefined
        ? yes()
        : is(
            globs.some((glob) =>
              [asked.ref ?? "", (asked.ref ?? "").replace(/^refs\/(heads|tags)\//, "")].some(
                (ref) => pathMatches(glob, ref),
              ),
            ),
            "refs",
          );
    case "repositories":
      return is(
        asked.repository.some((name) => globs.some((glob) => nameMatches(glob, name))),
        "repositories",
      );
    case "properties":
      return is(
        Object.entries(docOf(wanted)).every(([name, value]) =>
          textsOf(value).some((text) => textsOf(asked.properties[name]).includes(text)),
        ),
        "properties",
      );
    case "contributors":
      return asked.contributors === undefined
        ? yes()
        : is(
            asked.contributors.some((login) =>
              globs.some((glob) => nameMatches(glob.toLowerCase(), login.toLowerCase())),
            ),
            "contributors",
          );
    case "author_is":
      return asked.kinds === undefined
        ? yes()
        : is(
            asked.kinds.some((kind) => globs.includes(kind)),
            "author_is",
          );
    case "changed_lines": {
      const found = /^(>=?|<=?)\s*(\d+)$/.exec(String(wanted));
      if (asked.lines === undefined) return yes();
      if (found === null) return unjudged("changed_lines");
      const limit = Number(found[2]);
      const holds = {
        ">": asked.lines > limit,
        ">=": asked.lines >= limit,
        "<": asked.lines < limit,
        "<=": asked.lines <= limit,
      };
      return is(holds[found[1] as keyof typeof holds], "changed_lines");
    }
    case "not":
      return opposite(applies(docOf(wanted), asked));
    case "any":
      return any(listOf(wanted).map((each) => applies(docOf(each), asked)));
    default:
      return unjudged(`when.${key}`);
  }
}

/** Whether a rule's `when` holds: all keys do. */
export const applies = (when: Doc, asked: Asked): Answer =>
  all(Object.entries(when).map(([key, wanted]) => one(key, wanted, asked)));

/** A pattern found anywhere in a text; what JavaScript reads otherwise than RE2 is not judged. */
export function matchesText(pattern: string, text: string): Answer {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  try {
    const found = new RegExp(
      flags === null ? pattern : pattern.slice(flags[0].length),
      `u${flags?.[1] ?? ""}`,
    ).test(text);
    return found ? yes() : no(`${JSON.stringify(text.slice(0, 60))} is not ${pattern}`);
  } catch {
    return unjudged(`pattern ${pattern}`);
  }
}
