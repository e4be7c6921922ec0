import fc from "fast-check";
import { commandNames } from "#core/commands/names.ts";
import { doubtedCommands, parseCommands } from "#core/commands/parse.ts";
import { parseDuration } from "#core/text/duration.ts";
import { firstName } from "#core/commands/arguments.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const grammar = { slug: "gatehouse", bare: true } as const;
const words = Object.entries(commandNames).flatMap(([name, aliases]) => [name, ...aliases]);
const pieces = [
  ..."> |- |* |# |    |\t|``` |~~~|`|<!--|-->|<details>|</details>|<b>|[a](|](|![|[^1]: ||--||:-:|$$|\\|\u00a0|\u202e|@gatehouse |/gate |/|".split(
    "|",
  ),
];

/** What people write under a pull request. */
export const target: FuzzTarget = {
  name: "comment",
  corpus: [
    "/gate hold legal has to look",
    '/gate override --rules "a b",tests --for 2h because the runner is down',
    "Thanks!\n\n/gate approve production\n/gate recheck\n\n> /gate hold",
    "@gatehouse[bot]: freeze production until 2026-12-24T18:00 Europe/Berlin",
    "```\n/gate hold\n```\n\n<!-- /gate hold -->\n<details>\n\n/gate status\n</details>\n/gate help",
    "| a | b |\n| --- | --- |\n/gate hold\n\n[^1]: note\n    /gate hold\n\n$$\n/gate hold\n$$",
    "- a\n  - b\n    /gate hold\n\n1. *c **d** `e`*\n\n[x]: http://a\n[x]\n",
  ],
  madeUp: fc
    .array(
      fc.oneof(
        fc.constantFrom(...pieces, "\n", "\n\n", " "),
        fc.constantFrom(...words),
        fc.string(),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join("")),
  read: (input) => {
    const body = textOf(input);
    const commands = parseCommands(body, grammar);
    promise(commands.length <= 10, "no more than ten commands are read");
    for (const { word, rest, line } of [...commands, ...doubtedCommands(body, grammar)]) {
      // The word is said back: nothing but plain letters may be in it.
      promise(/^[\x21-\x7e]{1,90}$/.test(word), "a word is plain ASCII");
      promise(
        line >= 1 && line <= body.split(/\r\n|\r|\n/).length,
        "a command is on one of the lines",
      );
      parseDuration(firstName(rest).word);
    }
  },
};
