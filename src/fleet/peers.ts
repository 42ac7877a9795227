/** What `keysmith/fleet` needs besides keysmith, which only those install who use it. */

/** Each in the line that is tried. */
const LINES = { pg: "8", "pg-boss": "10" };

const INSTALL = `npm install ${Object.entries(LINES)
  .map(([name, line]) => `${name}@${line}`)
  .join(" ")}`;

/** @throws Error that says what to install, where the package is missing */
export async function loaded<Module>(name: keyof typeof LINES, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new Error(`keysmith/fleet needs ${name}, which is not installed: ${INSTALL}`, { cause });
  }
}

export function otherLine(name: keyof typeof LINES): Error {
  return new Error(`keysmith/fleet cannot use the ${name} that is installed: npm install ${name}@${LINES[name]}`);
}
