/**
 * The id of the key whose redacted value, such as `sk-admin...def`, fits a plaintext. Undefined where none does, or several
 * do: nothing else tells OpenAI's keys apart by their plaintext.
 */
export function idByRedactedValue(
  plaintext: string,
  listed: readonly { id: string; raw: { redacted_value?: string } }[],
): string | undefined {
  const [found, ...others] = listed.filter(({ raw }) => {
    const [head = "", tail = ""] = raw.redacted_value?.split("...") ?? [];
    return head !== "" && tail !== "" && plaintext.startsWith(head) && plaintext.endsWith(tail);
  });
  return others.length === 0 ? found?.id : undefined;
}
