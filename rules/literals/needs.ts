import { requiredLiterals } from "../regex/required";
import { all, type Needed } from "./literal";
import { needsOfTexts, needsOfValue } from "./pieces";

/**
 * What bytes need to hold a value, of whatever field, whose text holds a match of a pattern.
 *
 * @throws RegexError where the pattern cannot be read
 */
export function needsOfPattern(pattern: string): Needed {
  return all(requiredLiterals(pattern).holds.map(needsOfTexts));
}

/**
 * What bytes need to hold a field whose text holds a match of a pattern.
 *
 * @param isFull whether the whole text must match
 * @throws RegexError where the pattern cannot be read
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
