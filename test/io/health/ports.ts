import type { Log, Meter } from "#core/ports/system.ts";

const nothing = (): void => undefined;
export const silentLog: Log = { info: nothing, warn: nothing, error: nothing };
export const unmeasured: Meter = { count: nothing, observe: nothing };
