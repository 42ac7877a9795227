/** Runs the command at a terminal of 80 × 24, as a person does. */
import { Program } from "../helpers/processes.js";
import { commandFile, environment, type Environment } from "./keysmith.js";

// What Node has no words for: a terminal of the system's. Answers `said` with `answer` as soon as it is seen.
const PTY = `
import fcntl, json, os, pty, struct, sys, termios
args, answers = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execv(args[0], args)
seen = b""
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:
        break
    if not more:
        break
    seen += more
    sys.stdout.buffer.write(more)
    sys.stdout.flush()
    if answers and answers[0][0].encode() in seen:
        os.write(terminal, answers.pop(0)[1].encode())
        seen = b""
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

interface TerminalOptions {
  env: Environment;
  answers?: [said: string, answer: string][];
  cwd?: string;
  watch?: (screen: string) => void;
}

/**
 * @param answers what to type, once something is seen
 * @param watch given what was seen until now, whenever there is more
 */
export async function atTerminal(
  args: string[],
  { env, answers = [], cwd, watch }: TerminalOptions,
): Promise<{ code: number | null; screen: string }> {
  const call = JSON.stringify([[process.execPath, commandFile(), ...args], answers]);
  const { code, stdout, stderr } = await new Program("python3", ["-c", PTY, call], {
    env: environment(env),
    cwd,
    watch: ({ stdout }) => watch?.(stdout),
  }).ended;
  if (stderr !== "") throw new Error(`The terminal failed:\n${stderr}`);
  return { code, screen: stdout.replaceAll("\r\n", "\n") };
}
