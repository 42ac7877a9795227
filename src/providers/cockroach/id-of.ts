/**
 * The id of the key that a plaintext is of: by convention what stands before its second underscore. Undefined where it has
 * another shape: what is cut off may be all of it.
 */
export function idOf(plaintext: string): string | undefined {
  return /^(CCDB1_[^_]+)_/.exec(plaintext)?.[1];
}
