import { daysInMonth } from "../calendar";
import { unreadable } from "./unreadable";

export type Role = "year" | "month" | "day";

/** The parts of a date found so far. */
export type FoundDate = Readonly<Partial<Record<Role, number>>>;

/** Collects the numbers of a date until it is clear which is the year, the month and the day, by dateutil's rules. */
export class DateNumbers {
  readonly #values: number[] = [];
  readonly #places: Partial<Record<Role, number>> = {};
  /** Whether the year was written with its century. */
  hasCentury = false;

  get count(): number {
    return this.#values.length;
  }

  /** A number with more than two digits, or above 100, can only be a year. */
  add(text: string, role?: Role): void {
    if (!/^\d+$/.test(text)) unreadable();
    this.#append(Number(text), text.length > 2, role);
  }

  /** A number of which only the value matters. */
  addNumber(value: number, role?: Role): void {
    this.#append(Math.trunc(value), value > 100, role);
  }

  #append(value: number, isYear: boolean, role: Role | undefined): void {
    if (isYear) {
      if (role !== undefined && role !== "year") unreadable();
      this.hasCentury = true;
      role = "year";
    }
    this.#values.push(value);
    if (role === undefined) return;
    if (this.#places[role] !== undefined) unreadable();
    this.#places[role] = this.#values.length - 1;
  }

  couldBeDay(value: number): boolean {
    if (this.#places.day !== undefined || value < 1) return false;
    if (this.#places.month === undefined) return value <= 31;
    const month = this.#values[this.#places.month];
    // If the year is not known, February 29 is valid.
    const year = this.#places.year === undefined ? 2000 : this.#values[this.#places.year];
    return value <= daysInMonth(year, month);
  }

  resolve(): FoundDate {
    const known = Object.keys(this.#places).length;
    if (this.count > 0 && (known === this.count || (this.count === 3 && known === 2))) return this.#byPlaces();
    if (this.count > 3) unreadable();
    if (this.count === 3) return this.#three();
    if (this.count === 2 && this.#places.month === undefined) return this.#two();
    return this.#oneBesideMonth();
  }

  /** If enough roles are known, a third one is the remaining. */
  #byPlaces(): FoundDate {
    const roles: readonly Role[] = ["year", "month", "day"];
    const places = { ...this.#places };
    const missing = roles.filter((role) => places[role] === undefined);
    if (this.count === 3 && missing.length === 1) {
      places[missing[0]] = [0, 1, 2].find((place) => !Object.values(this.#places).includes(place));
    }
    const found = roles.filter((role) => places[role] !== undefined);
    return Object.fromEntries(found.map((role) => [role, this.#values[places[role]!]]));
  }

  #oneBesideMonth(): FoundDate {
    const place = this.#places.month;
    const other = place === undefined ? this.#values[0] : this.#values[1 - place];
    const month = place === undefined ? {} : { month: this.#values[place] };
    if (other === undefined) return month;
    return other > 31 ? { ...month, year: other } : { ...month, day: other };
  }

  #two(): FoundDate {
    const [first, second] = this.#values;
    if (first > 31) return { year: first, month: second };
    if (second > 31) return { month: first, year: second };
    return { month: first, day: second };
  }

  #three(): FoundDate {
    const [first, second, third] = this.#values;
    switch (this.#places.month) {
      case 0:
        if (second > 31) return { month: first, year: second, day: third };
        return { month: first, day: second, year: third };
      case 1:
        if (first > 31) return { year: first, month: second, day: third };
        return { day: first, month: second, year: third };
      case 2:
        if (second > 31) return { day: first, year: second, month: third };
        return { year: first, day: second, month: third };
    }
    if (first > 31 || this.#places.year === 0) return { year: first, month: second, day: third };
    if (first > 12) return { day: first, month: second, year: third };
    return { month: first, day: second, year: third };
  }
}
