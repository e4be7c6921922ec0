import type { Policy } from "./schema.ts";

/** The parts of a policy in which its author gives reasons. */
interface WithTexts {
  readonly rules: readonly { readonly description: string | undefined }[];
  readonly policy: Pick<Policy, "freezes" | "waivers" | "quarantine">;
}

const kept = "a reason that the organisation keeps to itself";

/**
 * What a public repository may show of a policy that stands in a private one (the organisation's, or an extended file):
 * what its rules ask is seen from what they do; why, in their author's words, is not for everybody to read. It judges the same.
 */
export function withoutPrivateTexts<T extends WithTexts>(layer: T): T {
  const { policy } = layer;
  return {
    ...layer,
    rules: layer.rules.map((rule) => ({ ...rule, description: undefined })),
    policy: {
      ...policy,
      ...(policy.freezes === undefined
        ? {}
        : { freezes: policy.freezes.map((freeze) => ({ ...freeze, reason: undefined })) }),
      ...(policy.waivers === undefined
        ? {}
        : { waivers: policy.waivers.map((waiver) => ({ ...waiver, reason: kept })) }),
      ...(policy.quarantine === undefined
        ? {}
        : { quarantine: policy.quarantine.map((entry) => ({ ...entry, reason: kept })) }),
    },
  };
}
