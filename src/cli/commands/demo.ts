import { Command } from "commander";
import type { DefineCommand } from "./command.ts";

export const demo: DefineCommand = () => ({
  command: new Command("demo")
    .description(
      "play a pull request and a production deployment through the real gate, against a simulated GitHub on this machine",
    )
    .option("--stay", "keep the simulated GitHub and the gate running afterwards"),
  run: async (_args, options) => {
    // The whole product and a GitHub besides: loaded by nobody who only checks a policy.
    const [{ intro, outro }, { playDeployment }, { playPullRequest }, { setStage }] =
      await Promise.all([
        import("@clack/prompts"),
        import("../demo/play-deployment.ts"),
        import("../demo/play-pull-request.ts"),
        import("../demo/stage.ts"),
      ]);
    intro("Gatehouse, against a simulated GitHub on this machine. No network, no credentials.");
    const from = performance.now();
    const stage = await setStage();
    try {
      await playPullRequest(stage);
      await playDeployment(stage);
      const calls = stage.sim.calls.filter((call) => !call.isToken).length;
      outro(
        `Played in ${((performance.now() - from) / 1000).toFixed(1)} s with ${calls} calls to GitHub. Next: README.md, docs/policy-language.md, npx --no -- gatehouse validate FILE.`,
      );
      if (options["stay"] === true) {
        process.stdout.write(
          `Simulated GitHub: ${stage.sim.url} (its scenario API: POST /_simulator/<action>)\nGatehouse:        ${stage.gate.url}\nStop with Ctrl-C.\n`,
        );
        await new Promise<void>((resolve) => {
          process.once("SIGINT", () => resolve());
          process.once("SIGTERM", () => resolve());
        });
      }
    } finally {
      await stage.close();
    }
    return null;
  },
});
