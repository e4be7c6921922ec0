/**
 * What an environment may be called by somebody to whom the check run of policies, or one of these very names, looks the
 * same: its check run is marked, so that no two mean different things under one name.
 */
const looksLikePolicy = /^policy(?: \(environment\))*$/u;
const mark = " (environment)";

const asItLooks = (name: string): string =>
  name.normalize("NFKC").trim().replaceAll(/\s+/gu, " ").toLowerCase();

/** The name of the check run that shows what a deployment to the environment waits for. */
export const environmentCheckName = (environment: string): string =>
  `gatehouse / ${environment}${looksLikePolicy.test(asItLooks(environment)) ? mark : ""}`;
