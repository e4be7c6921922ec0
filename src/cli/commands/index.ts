import { audit } from "./audit.ts";
import { backtest } from "./backtest.ts";
import type { DefineCommand } from "./command.ts";
import { demo } from "./demo.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { gate } from "./gate.ts";
import { init } from "./init.ts";
import { owners } from "./owners.ts";
import { read } from "./read.ts";
import { report } from "./report.ts";
import { schema } from "./schema.ts";
import { store } from "./store.ts";
import { test } from "./test.ts";
import { token } from "./token.ts";
import { validate } from "./validate.ts";
import { when } from "./when.ts";

/** The single list of commands: the help and docs/command-line.md are made from it. */
export const commands: readonly DefineCommand[] = [
  init,
  schema,
  validate,
  evaluate,
  test,
  when,
  read,
  owners,
  explain,
  backtest,
  gate,
  audit,
  report,
  store,
  token,
  demo,
];
