import type { Policy } from "./schema.ts";

/** The parts of a policy in which its author gives reasons. */
interface WithTexts {
  readonly rules: readonly { readonly description: string | undefined }[];
  readonly policy: Pick<Policy, "freezes" | "waivers" | "quarantine">;
}

const kept = "a reason that the organisation keeps to itself";

/**
 * A policy from a private repository (the organisation's, or an extended file) as a public repository may show it:
 * requirements are visible anyway, but the reasons that its author wrote are private. It judges the same.
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
