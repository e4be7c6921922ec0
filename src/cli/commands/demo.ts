import { Command } from "commander";
import { UnusableInput } from "../answer.ts";
import { text, type DefineCommand } from "./command.ts";

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

/** The same gate to look at and to play with. */
async function serve(port: number): Promise<null> {
  const [{ setStage }, { tellStory }, { servePullRequest }, { openInBrowser }] = await Promise.all([
    import("../demo/stage.ts"),
    import("../demo/page/story.ts"),
    import("../demo/page/serve.tsx"),
    import("../demo/open-in-browser.ts"),
  ]);
  const stage = await setStage({ signsIn: true });
  try {
    const page = await servePullRequest(tellStory(stage.sim), stage.gate.url, port);
    process.stdout.write(
      `The pull request: ${page.url}\nGatehouse:        ${stage.gate.url}\nNothing leaves this machine. Stop with Ctrl-C.\n`,
    );
    if (process.stdout.isTTY) openInBrowser(page.url);
    await untilStopped();
    await page.close();
  } finally {
    await stage.close();
  }
  return null;
}

async function play(stays: boolean): Promise<null> {
  // The whole product and a GitHub besides: loaded by nobody who only checks a policy.
  const [
    { intro, outro },
    { playDeployment },
    { playPullRequest },
    { playRollout, prepareRollout },
    { setStage },
  ] = await Promise.all([
    import("@clack/prompts"),
    import("../demo/play-deployment.ts"),
    import("../demo/play-pull-request.ts"),
    import("../demo/play-rollout.ts"),
    import("../demo/stage.ts"),
  ]);
  intro("Gatehouse, against a simulated GitHub on this machine. No network, no credentials.");
  const from = performance.now();
  const stage = await setStage();
  try {
    stage.sim.org({ login: "acme", members: ["ada", "bob"] });
    const prepared = prepareRollout(stage);
    // It is awaited later: what goes wrong meanwhile is told then.
    prepared.catch(() => undefined);
    await playPullRequest(stage);
    await playDeployment(stage, async () => playRollout(stage, await prepared));
    const calls = stage.sim.calls.filter((call) => !call.isToken).length;
    outro(
      `Played in ${((performance.now() - from) / 1000).toFixed(1)} s with ${calls} calls to GitHub. Next: npm run demo -- --open, README.md, docs/policy-language.md, npx --no -- gatehouse validate FILE.`,
    );
    if (stays) {
      process.stdout.write(
        `Simulated GitHub: ${stage.sim.url} (its scenario API: POST /_simulator/<action>)\nGatehouse:        ${stage.gate.url}\nStop with Ctrl-C.\n`,
      );
      await untilStopped();
    }
  } finally {
    await stage.close();
  }
  return null;
}

export const demo: DefineCommand = () => ({
  command: new Command("demo")
    .description(
      "play a pull request, a production deployment and a rollout in rings through the real gate, against a simulated GitHub on this machine",
    )
    .option("--open", "serve it as pages to click through instead, and open them in the browser")
    .option("--port <number>", "with --open: where the pull request is served; any free port else")
    .option("--stay", "keep the simulated GitHub and the gate running afterwards"),
  run: (_args, options) => {
    if (options["open"] !== true) return play(options["stay"] === true);
    const written = text(options["port"]);
    const port = written === "" ? 0 : Number(written);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UnusableInput(`--port ${written}: write a whole number up to 65535`);
    return serve(port);
  },
});
