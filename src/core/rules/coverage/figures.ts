import type { CoverageFact } from "#core/facts/coverage.ts";

export type Figures = Extract<CoverageFact, { readonly kind: "figures" }>;
