/** The lines a patch adds, numbered as in the new file and ascending; `complete` is false when the text does not keep what its hunk headers promise. */
export type AddedLines = { readonly added: readonly number[]; readonly complete: boolean };

const header = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/**
 * Reads the hunks of one file's unified diff (`files[].patch` of GitHub's API, no file headers). A patch cut off inside
 * a hunk is told apart, because what it leaves out would else count as unchanged.
 */
export function addedLines(patch: string): AddedLines {
  const added: number[] = [];
  let complete = true;
  let next = 0;
  let oldLeft = 0;
  let newLeft = 0;
  for (let start = 0; start < patch.length;) {
    const newline = patch.indexOf("\n", start);
    const end = newline === -1 ? patch.length : newline;
    const mark = patch[start];
    // While a hunk is open a line that begins with @@ cannot be a header: context is indented by its mark.
    if (oldLeft > 0 || newLeft > 0) {
      if (mark === "+") {
        added.push(next);
        next += 1;
        newLeft -= 1;
      } else if (mark === "-") oldLeft -= 1;
      else if (mark === " " || start === end) {
        next += 1;
        newLeft -= 1;
        oldLeft -= 1;
      } else if (mark !== "\\") return { added, complete: false };
    } else if (mark === "@") {
      const hunk = header.exec(patch.slice(start, Math.min(end, start + 200)));
      if (hunk === null) return { added, complete: false };
      oldLeft = Number(hunk[2] ?? 1);
      newLeft = Number(hunk[4] ?? 1);
      // A hunk of no lines names the one before it.
      const first = Number(hunk[3]) + (newLeft === 0 ? 1 : 0);
      if (first < next) return { added, complete: false };
      next = first;
    } else if (mark !== "\\" && start !== end) complete = false;
    if (oldLeft < 0 || newLeft < 0) return { added, complete: false };
    start = end + 1;
  }
  return { added, complete: complete && oldLeft === 0 && newLeft === 0 };
}
