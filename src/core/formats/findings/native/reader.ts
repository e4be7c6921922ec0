import type { Collector } from "../collect.ts";
import type { FindingKind } from "../finding.ts";
import type { Declared } from "./declared.ts";

/** What a native report says of the scan as a whole. `failed`: the tool reports that it could not scan, or looked at nothing. */
export interface NativeScan {
  readonly version?: string | undefined;
  readonly failed?: string | undefined;
  /** How many findings it says there are; undefined where it keeps no count. */
  readonly declared?: Declared | undefined;
  /** What this run looked for, where the report tells: a scan of one kind must not prove another. */
  readonly kinds?: readonly FindingKind[] | undefined;
}

/** The one shape of a scanner's own JSON: how to tell it from others, and how to take findings from it. */
export interface NativeReader {
  readonly tool: string;
  /** What it looks for, said even where nothing was found; a run may have looked for less. */
  readonly kinds: readonly FindingKind[];
  readonly recognises: (document: unknown) => boolean;
  /**
   * Whether a document of this shape bears the tool's own mark: its name, or what no other tool writes. Only that, or
   * the tool's name in the file's, proves that the tool has scanned: others write the same shape.
   */
  readonly isMarked: (document: unknown) => boolean;
  /** What it writes instead of a report where it found nothing; the file's name has to tell whose it is. */
  readonly blanks?: readonly ("[]" | "null")[];
  /** Defects go into the collector; never throws on wrong types. */
  readonly read: (into: Collector, document: unknown) => NativeScan;
}
