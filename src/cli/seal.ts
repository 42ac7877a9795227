/** Encrypts keys for a table: AES-256-GCM, each bound to its customer. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { UsageError } from "./errors.js";
import { remember } from "./secrets.js";

const [CIPHER, IV, TAG] = ["aes-256-gcm", 12, 16] as const;

/** @param key 32 bytes in base64. @throws UsageError where it is not that */
export function sealWith(
  variable: string,
  key: string,
): Record<"seal" | "open", (text: string, customer: string) => string> {
  remember(key);
  const bytes = Buffer.from(key, "base64");
  if (bytes.length !== 32) {
    throw new UsageError(`${variable} has to be 32 random bytes in base64: openssl rand -base64 32.`);
  }
  return {
    seal: (plaintext, customer) => {
      const iv = randomBytes(IV);
      const cipher = createCipheriv(CIPHER, bytes, iv).setAAD(Buffer.from(customer));
      return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString("base64");
    },
    open: (sealed, customer) => {
      const all = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv(CIPHER, bytes, all.subarray(0, IV)).setAAD(Buffer.from(customer));
      decipher.setAuthTag(all.subarray(-TAG));
      return Buffer.concat([decipher.update(all.subarray(IV, -TAG)), decipher.final()]).toString();
    },
  };
}
