/** What can be changed, part by part, and the tests that are meant to notice. */

export interface Part {
  /** Source files, or folders of them, which end with a slash. */
  sources: string[];
  /**
   * Globs. Of tests that run the sources in their own process: in another one nothing is changed. They run in a
   * thread, which cannot go to another folder (`process.chdir`).
   */
  tests: string[];
}

export const parts: Record<string, Part> = {
  calls: {
    sources: ["src/http/", "src/answer.ts", "src/call.ts", "src/changeable.ts", "src/create.ts"],
    tests: [
      "test/http/answers.test.ts",
      "test/kit/shapes.test.ts",
      "test/promises/*.test.ts",
      "test/providers/*/*.test.ts",
    ],
  },
  lists: {
    sources: ["src/list.ts", "src/walk.ts"],
    tests: ["test/kit/shapes.test.ts", "test/promises/7-lists.test.ts"],
  },
  rotation: {
    sources: ["src/rotation/"],
    tests: ["test/rotation/*.test.ts"],
  },
  stores: {
    sources: ["src/cli/journal.ts", "src/cli/sinks/", "src/files/"],
    tests: ["test/cli/{dotenv-file,durable,exec-sink,journal}.test.ts", "test/files/*.test.ts"],
  },
};
