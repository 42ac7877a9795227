import { problemList } from "../text/problem-list.js";
import { DocumentError } from "./document-error.js";

/** The exit code of a program; for documents that it cannot use, which are named, it is `refused`. */
export async function exitCodeOf(program: () => Promise<number>, refused = 1): Promise<number> {
  try {
    return await program();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    console.error(problemList(error.problems));
    return refused;
  }
}
