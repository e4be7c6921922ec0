import type { ZipInput } from "./zip-input.ts";
import type { Finding } from "#core/formats/findings/finding.ts";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import { digestArchive, type DigestResult } from "./digest-archive.ts";
import { measureArchives, type MeasureResult } from "./measure-archives.ts";
import { testsArchives, type TestsResult } from "./tests-archives.ts";
import { scanArchive, type ScanResult } from "./scan-archive.ts";

/** Work on reports: everything that costs time is inside, so that it can run on another thread. */
export type ParseTask =
  | {
      readonly kind: "measure";
      readonly archives: readonly ZipInput[];
      readonly changed: readonly ChangedFile[] | null;
    }
  | { readonly kind: "scan"; readonly archive: ZipInput }
  | { readonly kind: "tests"; readonly archives: readonly ZipInput[] }
  | { readonly kind: "digest"; readonly archive: ZipInput };

export type ParseResult = MeasureResult | ScanResult | DigestResult | TestsResult;

/** What a task may need from outside while it runs, and where it hands on what is too much for one message. */
export interface TaskPort {
  /** GitHub's answer with all paths of the judged tree (JSON), asked for only when needed; null: it cannot be had. */
  readonly tree: () => Promise<Uint8Array | null>;
  readonly found: (findings: readonly Finding[]) => void;
}

export async function performTask(task: ParseTask, door: TaskPort): Promise<ParseResult> {
  switch (task.kind) {
    case "measure":
      return measureArchives(task.archives, task.changed, door.tree);
    case "scan":
      return scanArchive(task.archive, door.found);
    case "tests":
      return testsArchives(task.archives);
    case "digest":
      return digestArchive(task.archive);
  }
}
