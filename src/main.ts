import { proxiesOfProcess, SettingsError, settingsOfProcess, type Settings } from "./env.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { useProxies } from "#io/system/proxies.ts";
import { startGatehouse, type RunningProcess } from "./compose.ts";

/** SIGTERM must be through within ten seconds: what is not finished by then is released and done after the restart. */
const stopWithinMs = 8000;

function settingsOrExit(): Settings {
  try {
    return settingsOfProcess();
  } catch (error) {
    endWith(error);
  }
}

/** One line with the remedy. 2: starting again does not help, a setting has to be mended first. */
function endWith(error: unknown): never {
  if (!(error instanceof SettingsError) && !(error instanceof GatehouseError)) throw error;
  process.stderr.write(`gatehouse: ${error.message}\n`);
  process.exit(error instanceof SettingsError || error.code === "unsupported" ? 2 : 1);
}

async function boot(settings: Settings): Promise<RunningProcess> {
  try {
    await useProxies(proxiesOfProcess());
    if (settings.app !== null) return await startGatehouse(settings, settings.app);
    // Needed once in a lifetime.
    const { startSetup } = await import("./start-setup.ts");
    return await startSetup(settings);
  } catch (error) {
    endWith(error);
  }
}

let running: RunningProcess | null = null;
let isToStop = false;

function stop(): void {
  void running?.stop(stopWithinMs).finally(() => process.exit(0));
}

// Before anything else: who is told to stop while it starts, or migrates, finishes that and stops then.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (isToStop) return;
    isToStop = true;
    // A hung connection must not keep the process beyond the promise.
    setTimeout(() => process.exit(0), stopWithinMs + 1500).unref();
    stop();
  });
}

running = await boot(settingsOrExit());
if (isToStop) stop();
