import { requiredLiterals } from "../regex/required";
import { all, type Needed } from "./literal";
import { needsOfTexts, needsOfValue } from "./pieces";

/**
 * What the bytes need to contain a value, of any field, whose text contains a match of a pattern.
 *
 * @throws RegexError if the pattern cannot be parsed
 */
export function needsOfPattern(pattern: string): Needed {
  return all(requiredLiterals(pattern).holds.map(needsOfTexts));
}

/**
 * What the bytes need to contain a field whose text contains a match of a pattern.
 *
 * @param isFull whether the whole text must match
 * @throws RegexError if the pattern cannot be parsed
 */
export function needsOfField(field: string, pattern: string, isFull = false): Needed {
  const { holds, starts, is } = requiredLiterals(pattern, isFull);
  return all([
    ...holds.map(needsOfTexts),
    ...holds.map((texts) => needsOfValue(field, "holds", texts)),
    starts && needsOfValue(field, "starts", starts),
    is && needsOfValue(field, "is", is),
  ]);
}
