/** What real shells complete, at a real terminal: bash without bash-completion, zsh and fish. A shell that is not installed is left out. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { Program } from "../helpers/processes.js";
import { commandFile, environment, issue, served, temporaryFolder, useCommand } from "./keysmith.js";

useCommand();

// Types a line and Tab, waits until the line is complete, and then ends it. The keys go one by one: a person's do.
const TYPE = `
import json, os, pty, select, sys, time
args, ready, typed, want = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(args[0], args)
seen = b""
def until(text, seconds):
    global seen
    end = time.monotonic() + seconds
    while text.encode() not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                return
            # fish asks the terminal what it is, and waits for an answer.
            if b"\\x1b[0c" in seen or b"\\x1b[c" in seen:
                os.write(terminal, b"\\x1b[?62c")
                seen = seen.replace(b"\\x1b[0c", b"").replace(b"\\x1b[c", b"")
until(ready, 60)
seen = b""
os.write(terminal, typed.encode())
until(want, 60)
sys.stdout.buffer.write(seen)
os.kill(pid, 9)
`;

const shells = {
  bash: (script: string) => ({
    file: ".bashrc",
    text: `PS1='ready> '\nbind 'set bell-style none'\nbind 'set enable-bracketed-paste off'\n. ./${script}\n`,
    args: ["bash", "--rcfile", ".bashrc", "-i"],
  }),
  zsh: (script: string) => ({
    file: ".zshrc",
    text: `autoload -Uz compinit && compinit -u\nPS1='ready> '\n. ./${script}\n`,
    args: ["zsh", "-i"],
  }),
  fish: (script: string) => ({
    file: "config.fish",
    text: `function fish_prompt; echo 'ready> '; end\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\nsource ./${script}\n`,
    args: ["fish", "--no-config", "-i", "-C", "source config.fish"],
  }),
};

const lines = [
  { title: "commands", typed: "keysmith aud", want: "audit" },
  { title: "providers", typed: "keysmith rotate openr", want: "openrouter" },
  { title: "the words of an option", typed: "keysmith list --output y", want: "yaml" },
  { title: "options", typed: "keysmith rotate openrouter --older-", want: "--older-than" },
  { title: "names of files", typed: "keysmith audit --policy pol", want: "policy.json" },
  { title: "names of keys", typed: "keysmith revoke openrouter night", want: "nightly-deploy" },
  { title: "keys of an alias", typed: "keysmith rm openrouter night", want: "nightly-deploy" },
];

for (const [shell, setUp] of Object.entries(shells)) {
  const installed = spawnSync(shell, ["--version"]).status === 0;
  describe.skipIf(!installed)(`${shell} completes`, () => {
    it.each(lines)("$title", async ({ typed, want }) => {
      const { sandbox, env } = await served();
      issue(sandbox, "openrouter", "nightly-deploy");
      const cwd = await temporaryFolder();
      await mkdir(join(cwd, "bin"));
      const program = `#!/bin/sh\nexec "${process.execPath}" "${commandFile()}" "$@"\n`;
      await writeFile(join(cwd, "bin/keysmith"), program, { mode: 0o755 });
      await writeFile(join(cwd, "policy.json"), "{}");
      await writeFile(join(cwd, "script"), execFileSync(process.execPath, [commandFile(), "complete", shell]));
      const { file, text, args } = setUp("script");
      await writeFile(join(cwd, file), text);
      const path = [join(cwd, "bin"), process.env["PATH"]].join(delimiter);
      const call = JSON.stringify([args, "ready> ", `${typed}\t`, want]);
      const { stdout } = await new Program("python3", ["-c", TYPE, call], {
        env: environment({ ...env, PATH: path, HOME: cwd, ZDOTDIR: cwd, TERM: "xterm", XDG_CONFIG_HOME: cwd }),
        cwd,
      }).ended;
      expect(stdout).toContain(want);
    });
  });
}
