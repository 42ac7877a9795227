import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { withVariable } from "../../src/files/dotenv.js";
import { run } from "../helpers/processes.js";
import { temporaryFolder } from "../cli/keysmith.js";

describe("a variable of a dotenv file", () => {
  it.each<{ given: string; want: string }>([
    { given: "", want: "KEY=new\n" },
    { given: "A=1", want: "A=1\nKEY=new\n" },
    { given: "A=1\r\n", want: "A=1\r\nKEY=new\r\n" },
    { given: "KEY=", want: "KEY=new" },
    { given: "KEY=old\nA=1\n", want: "KEY=new\nA=1\n" },
    { given: "A=1\nKEY=old", want: "A=1\nKEY=new" },
    { given: "KEY=old  \r\nA=1\r\n", want: "KEY=new  \r\nA=1\r\n" },
    { given: "  export\tKEY = old # why\n", want: "  export\tKEY = new # why\n" },
    { given: "KEY= # nothing yet\n", want: "KEY=new # nothing yet\n" },
    { given: "KEY=  # nothing yet\n", want: "KEY=new  # nothing yet\n" },
    { given: "KEY= \nA=1\n", want: "KEY=new \nA=1\n" },
    { given: "KEY=a#b\n", want: "KEY=new\n" },
    { given: "KEY='old'\n", want: "KEY='new'\n" },
    { given: 'KEY="o\\"l\nd" # two lines\nA=1', want: 'KEY="new" # two lines\nA=1' },
    { given: "KEY=`old`", want: "KEY=`new`" },
    { given: 'KEY="old"er\n', want: "KEY=new\n" },
    { given: 'KEY=my"old"\n', want: "KEY=new\n" },
    { given: "# KEY=old\nMY_KEY=1\nKEY_2=2\n", want: "# KEY=old\nMY_KEY=1\nKEY_2=2\nKEY=new\n" },
    { given: 'A="\nKEY=inside\n"\nKEY=old\n', want: 'A="\nKEY=inside\n"\nKEY=new\n' },
    { given: "A='\nKEY=inside\n'\nKEY=old\n", want: "A='\nKEY=inside\n'\nKEY=new\n" },
    { given: "A=`\nKEY=inside\n`\nKEY=old\n", want: "A=`\nKEY=inside\n`\nKEY=new\n" },
    { given: "readonly A=1\nKEY=old\n", want: "readonly A=1\nKEY=new\n" },
    { given: "A=it's\nKEY=old\nB='x'\n", want: "A=it's\nKEY=new\nB='x'\n" },
    { given: "KEY=$1\n", want: "KEY=new\n" },
    { given: "KEY='a;b&c'\nexport KEY\n", want: "KEY='new'\nexport KEY\n" },
    { given: "KEY=<your key>\n", want: "KEY=new\n" },
    {
      given: "# readonly KEY=1\n. ./x # KEY: y\necho $KEY == 1\n",
      want: "# readonly KEY=1\n. ./x # KEY: y\necho $KEY == 1\nKEY=new\n",
    },
    // "voilà", one character for each byte: the last one is no white space.
    { given: "KEY=voil\u00c3\u00a0 \nA=1\n", want: "KEY=new \nA=1\n" },
  ])("$given", ({ given, want }) => {
    expect(withVariable(given, "KEY", "new")).toEqual({ text: want });
  });

  it.each([
    ["white space in quotes", `"${"\t".repeat(500_000)}"`],
    ["white space behind it", `old${" ".repeat(500_000)}x`],
    ["quotes of the other kinds", `'${'"`'.repeat(250_000)}'`],
  ])("of half a megabyte is set in a time that grows with its length alone: %s", (_, old) => {
    expect(withVariable(`KEY=${old}\n`, "KEY", "new")).toEqual({
      text: expect.stringMatching(/^KEY=["']?new["']?\n$/) as string,
    });
  });

  it.each([
    { text: "KEY=1\nexport KEY=2\n", value: "new", want: "KEY is set 2 times" },
    { text: "readonly KEY=1\n", value: "new", want: "line 1 sets KEY in a way" },
    ...[
      "readonly KEY=1",
      "declare -x KEY=1",
      "set KEY=1",
      "setenv KEY 1",
      "set -gx KEY 1",
      "KEY: 1",
      "KEY+=1",
      "$env:KEY = 1",
    ].map((line) => ({ text: `A="\n1\n"\n${line}\n`, value: "new", want: "line 4 sets KEY in a way" })),
    ...["KEY=1; B=2", "KEY=1&&B=2", "KEY=1 | cat", "KEY=1\\\n2"].map((text) => ({
      text: `${text}\n`,
      value: "new",
      want: "more than one value where KEY is set",
    })),
    { text: "KEY=1\n", value: "two\nlines", want: "characters" },
    { text: "KEY=1\n", value: "$HOME", want: "characters" },
    { text: "KEY=1\n", value: "", want: "characters" },
  ])("is not set where it could be read in two ways: $want", ({ text, value, want }) => {
    expect(withVariable(text, "KEY", value)).toEqual({ problem: expect.stringContaining(want) as string });
  });

  it.each(["*:production.0a1b", "[]:production.0a1b", "[*]:*.~+/=@%,-"])(
    "%s is itself to shells and to Node",
    async (value) => {
      const folder = await temporaryFolder();
      for (const name of ["KEY", "export KEY"]) {
        const written = withVariable(`${name}=old\n`, "KEY", value);
        const text = "text" in written ? written.text : "";
        expect(parseEnv(text)).toEqual({ KEY: value });
        await writeFile(join(folder, ".env"), text);
        // What a pattern would find.
        for (const file of ["a:production.0a1b", "KEY=a"]) await writeFile(join(folder, file), "");
        const { stdout } = await run("sh", ["-c", 'set -a; . ./.env; printf %s "$KEY"'], { cwd: folder });
        expect(stdout).toBe(value);
      }
    },
  );
});
