import type { Layer } from "./layer.ts";

const kept = "a reason that the organisation keeps to itself";

/**
 * The organisation's policy as a public repository may show it, where it stands in a private one: what its rules ask is
 * seen from what they do; why, in the words of the organisation, is not for everybody to read. It judges the same.
 */
export function withoutPrivateTexts(layer: Layer): Layer {
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
