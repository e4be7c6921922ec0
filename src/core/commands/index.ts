import { approve, reject } from "./approve.ts";
import type { Command } from "./command.ts";
import { confirm } from "./confirm.ts";
import { freeze, unfreeze } from "./freeze.ts";
import { help } from "./help.ts";
import { hold, unhold } from "./hold.ts";
import { emergency, override } from "./override.ts";
import { overrideCancel } from "./override-cancel.ts";
import { recheck } from "./recheck.ts";
import { reviewed } from "./reviewed.ts";
import { rollback } from "./rollback.ts";
import { explain, status } from "./status.ts";
import { freezes, when } from "./when.ts";

/** The single list of commands: help and docs/commands.md are made from it. */
export const commands: readonly Command[] = [
  help,
  status,
  explain,
  when,
  freezes,
  recheck,
  hold,
  unhold,
  approve,
  reject,
  override,
  confirm,
  overrideCancel,
  emergency,
  reviewed,
  freeze,
  unfreeze,
  rollback,
];
