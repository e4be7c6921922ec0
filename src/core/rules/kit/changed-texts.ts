import type { Ask } from "#core/facts/ask.ts";
import { type ChangedFile, changedFiles, headFile } from "#core/facts/pull-request.ts";
import { pending, type Verdict } from "#core/model/verdict.ts";
import { listed } from "#core/text/phrases.ts";

/** A changed file as it is at the head commit. `text`: null where it is not there. */
export interface ChangedText {
  readonly path: string;
  readonly text: string | null;
}

/** What both rules over workflows ask for. */
export const changedTextFacts = [changedFiles, headFile] as const;

/** The changed files of one kind that the change leaves there; `undefined` while one has not been read. */
export function changedTexts(
  isWanted: (path: string) => boolean,
  ask: Ask,
): readonly ChangedText[] | undefined {
  const texts = ask(changedFiles.need())
    ?.filter((file) => isThere(file) && isWanted(file.path))
    .map(({ path }) => ({ path, text: ask(headFile.need(path)) }));
  const read = texts?.filter((each): each is ChangedText => each.text !== undefined);
  return read?.length === texts?.length ? read : undefined;
}

const isThere = ({ status }: ChangedFile): boolean =>
  status !== "removed" && status !== "unchanged";

/**
 * A file that is listed as changed and not there: a push between two reads. The next evaluation sees one commit. null:
 * all are there.
 */
export function notYetThere(texts: readonly ChangedText[], required: string): Verdict | null {
  const gone = texts.filter(({ text }) => text === null).map(({ path }) => path);
  return gone.length === 0
    ? null
    : pending({
        found: `${listed(gone, 3)} not found at the head commit`,
        required,
        need: `${listed(gone, 1)} could not be found at the head commit`,
        next: "The next push or recheck reads it again.",
      });
}
