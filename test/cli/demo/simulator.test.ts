import { expect, it } from "vitest";
import { startSimulator } from "../../../src/cli/demo/simulator.ts";

const options = { appId: 1 };
const failing = (error: Error) => (): Promise<never> => Promise.reject(error);

it("says what to do where the simulated GitHub is not installed", async () => {
  const absent = Object.assign(new Error("Cannot find package '@gatehouse/github-simulator'"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  await expect(startSimulator(options, failing(absent))).rejects.toThrow(
    /@gatehouse\/github-simulator\), which is not installed here\..*npm ci && npm run demo/,
  );
});

it("hides no other mistake of loading it", async () => {
  const broken = new SyntaxError("Unexpected token");
  await expect(startSimulator(options, failing(broken))).rejects.toBe(broken);
});

it("starts it", async () => {
  const sim = await startSimulator(options);
  try {
    expect(new URL(sim.url).hostname).toBe("127.0.0.1");
  } finally {
    await sim.stop();
  }
});
