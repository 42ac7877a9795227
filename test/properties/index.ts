import { dotenvTopic } from "./dotenv.js";
import { durationTopic } from "./durations.js";
import { fieldTopic } from "./fields.js";
import { idTopic } from "./ids.js";
import { listTopic } from "./lists.js";
import type { Topic } from "./property.js";
import { answerTopic } from "./reading.js";
import { secretTopic } from "./redaction.js";
import { troubleTopic } from "./retries.js";
import { retryAfterTopic } from "./retry-after.js";
import { hashTopic } from "./sha256.js";
import { traceTopic } from "./traces.js";

export const topics: Topic[] = [
  ...[idTopic, answerTopic, fieldTopic, secretTopic, listTopic, troubleTopic, retryAfterTopic],
  ...[durationTopic, hashTopic, traceTopic, dotenvTopic],
];
