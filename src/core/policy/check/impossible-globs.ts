/** What is wrong with a glob that is well formed: an error where nothing can ever match, a warning where it is unlikely. */
export interface GlobMeaning {
  readonly severity: "error" | "warning";
  readonly message: string;
}

const error = (message: string): GlobMeaning => ({ severity: "error", message });
const warning = (message: string): GlobMeaning => ({ severity: "warning", message });

/** The literal characters of a glob: classes, ranges in braces and extended globs are removed or simplified. */
const literal = (glob: string): string =>
  glob
    .replace(/\[(?:\\.|[^\]\\])+\]/gu, "x")
    .replace(/\{[^{}]*\}/gu, (braces) => braces.replace(/\w+\.\.\w+/gu, "x"))
    .replace(/\\(.)/gu, "$1");

const trimmed = (glob: string): string => glob.trim().replace(/^\/+|\/+$/gu, "");
const asList = (glob: string): string =>
  `[${glob
    .split(/[,\s|]+/u)
    .filter((part) => part !== "")
    .join(", ")}]`;

/** A bar outside an extended glob is no alternative. */
const hasLooseBar = (glob: string): boolean =>
  glob.replace(/\\.|[@!+?*]\([^()]*\)/gu, "").includes("|");

const hasBlankAtItsEnds = (glob: string): boolean => glob !== glob.trim();

/** A glob of branches against what Git allows in the name of one (git-check-ref-format). */
export function branchMeaning(glob: string): GlobMeaning | null {
  const never = (why: string, write: string): GlobMeaning =>
    error(`${glob} matches no branch: ${why}; write ${write}`);
  if (/^~(?:DEFAULT_BRANCH|ALL)$/iu.test(glob))
    return never(
      "the words of GitHub's rulesets are none here",
      /all/iu.test(glob) ? '"**"' : "the branch's name, such as main",
    );
  if (/^refs\/(?!heads\/.)/u.test(glob))
    return never("it names a ref that is none of a branch", "the branch's name, such as main");
  const text = literal(glob.replace(/^refs\/heads\//u, ""));
  if (text.startsWith("^"))
    return never(
      "this is a glob and no regular expression",
      glob.replace(/^\^|\$$/gu, "").replaceAll(".*", "*"),
    );
  if (hasBlankAtItsEnds(text)) return never("no branch begins or ends in a blank", trimmed(glob));
  if (/[\s,]/u.test(text) && /\s/u.test(text))
    return never("the name of a branch holds no blank", asList(glob));
  if (/^[^/]+(?:\/[^/]+)*\/$/u.test(text))
    return warning(
      `${glob} matches no branch of that very name; write ${trimmed(glob)}/** for the branches below it`,
    );
  if (/^\/|\/$|\/\//u.test(text))
    return never(
      "the name of a branch begins and ends in no slash and has none twice",
      trimmed(glob).replace(/\/{2,}/gu, "/"),
    );
  const forbidden = /[~^:]|\.\.|@\{/u.exec(text)?.[0];
  if (forbidden !== undefined)
    return never(`Git allows no ${forbidden} in the name of a branch`, "the branch's name");
  if (/(?:^|\/)\./u.test(text))
    return never(
      "Git allows no part of a branch's name to begin with a dot, and a dot is a character here",
      glob.replaceAll(".*", "*"),
    );
  if (/\.$|\.lock(?:\/|$)/u.test(text))
    return never("Git allows no branch that ends in a dot or in .lock", "the branch's name");
  if (/^(?:origin|upstream)\//u.test(text))
    return warning(
      `${glob} is what a clone calls a branch of its remote; at GitHub it is ${glob.replace(/^[^/]*\//u, "")}`,
    );
  if (text.endsWith("$"))
    return warning(
      `the $ is a character here: this is a glob and no regular expression; write ${glob.slice(0, -1)}`,
    );
  return hasLooseBar(glob) ? looseBar(glob) : null;
}

const looseBar = (glob: string): GlobMeaning =>
  warning(`the | is a character here; write a list: ${asList(glob)}`);

/** The deployed ref may be a branch, a tag or a commit, in full or not. */
export function refMeaning(glob: string): GlobMeaning | null {
  return /^refs\/(?:tags|pull)\/./u.test(glob)
    ? branchMeaning(glob.replace(/^refs\/(?:tags|pull)\//u, ""))
    : branchMeaning(glob);
}

/** Files that have no dot in their names; what else has none is most likely a folder. */
const knownFiles =
  /^(?:\w*file|\w*licen[cs]e|copying|notice|readme|changelog|changes|authors|contributors|codeowners|owners|maintainers|workspace|build|version|gradlew|mvnw|configure|todo|news|install|\d+)$/iu;
const knownFolders = /^\.(?:github|vscode|devcontainer|circleci|husky|changeset|config)$/u;

/** A glob of paths; a repository's paths begin without a slash and end in the name of a file. */
export function pathMeaning(glob: string): GlobMeaning | null {
  if (hasBlankAtItsEnds(glob))
    return warning(`the blank at the end of "${glob}" is part of what must match; take it away`);
  const meant = glob
    .replace(/^(?:\.?\/)+/u, "")
    .replace(/\/{2,}/gu, "/")
    .replace(/\/$/u, "/**");
  if (meant !== glob)
    return warning(
      `${glob} matches no file: paths of a repository begin without / or ./, have no slash twice and end in a name; write ${meant === "" || meant === "/**" ? "**" : meant}`,
    );
  if (glob.split("/").some((part) => part === "." || part === ".."))
    return warning(`${glob} matches no file: paths of a repository go through no . or ..`);
  if (hasLooseBar(glob)) return looseBar(glob);
  const last = glob.split("/").at(-1) ?? "";
  const isFolder = knownFolders.test(last) || (/^[\w-]{2,}$/u.test(last) && !knownFiles.test(last));
  return isFolder
    ? warning(`${glob} is the path of one file; for everything in a folder write ${glob}/**`)
    : null;
}

export function repositoryMeaning(glob: string): GlobMeaning | null {
  const text = literal(glob);
  const meant = glob
    .trim()
    .replace(/^[a-z+]+:\/\/[^/]*\//iu, "")
    .replace(/\.git$/u, "");
  return /[\s:]/u.test(text) || /^\/|\/$/u.test(text)
    ? error(
        `${glob} matches no repository: write its name, or owner/name, such as ${trimmed(meant)}`,
      )
    : null;
}

/** GitHub takes blanks off the ends of labels and environments; a policy takes its text as it stands. */
export function nameMeaning(glob: string): GlobMeaning | null {
  return hasBlankAtItsEnds(glob)
    ? warning(`the blank at the end of "${glob}" is part of what must match; take it away`)
    : null;
}
