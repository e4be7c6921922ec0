/** From the run to its reader process. Inputs are base64. */
export type ToReader =
  | {
      readonly kind: "run";
      readonly target: string;
      readonly seed: number;
      readonly from: number;
      readonly ms: number;
    }
  | { readonly kind: "try"; readonly target: string; readonly input: string };

/** What came of an input that is no good answer. `signature` is the same for what has most likely the same cause. */
export interface Trouble {
  readonly kind: "crash" | "hang" | "memory" | "died";
  readonly signature: string;
  readonly detail: string;
}

export type FromReader =
  | { readonly kind: "ready" }
  | {
      readonly kind: "ran";
      readonly next: number;
      readonly troubles: readonly { readonly index: number; readonly trouble: Trouble }[];
    }
  | { readonly kind: "tried"; readonly trouble: Trouble | null };
