/** A document that cannot be compared; the message says why and what to do. */
export class UnreadableDocument extends Error {
  override readonly name = "UnreadableDocument";
}
