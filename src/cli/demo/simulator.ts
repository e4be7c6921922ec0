import type { Simulator } from "@gatehouse/github-simulator";

type Start = typeof Simulator.start;

/**
 * Starts the simulated GitHub. It is a package of its own, which only the demo needs and which an installation may leave out.
 */
export async function startSimulator(
  options: Parameters<Start>[0],
  load: () => Promise<{ readonly Simulator: { readonly start: Start } }> = () =>
    import("@gatehouse/github-simulator"),
): Promise<Simulator> {
  return (await load().catch(explain)).Simulator.start(options);
}

/** The client credentials of an App there. */
export async function clientOf(
  appId: number,
): Promise<{ readonly id: string; readonly secret: string }> {
  const { clientOf: of } = await import("@gatehouse/github-simulator/world/user-authorization.ts");
  return of(appId);
}

function explain(error: unknown): never {
  const isMissing =
    error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  if (!isMissing) throw error;
  throw new Error(
    "the demo needs the simulated GitHub (@gatehouse/github-simulator), which is not installed here. " +
      "It comes with the package: install that again; in a clone: npm ci && npm run demo.",
    { cause: error },
  );
}
