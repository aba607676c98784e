import { ValidateBy } from 'class-validator';
import { SUBJECT } from '../http/subject';

/** A number, or decimal text; whether it fits the metric is known once the metric is. */
export function IsAmount(): PropertyDecorator {
  return ValidateBy({
    name: 'isAmount',
    validator: {
      validate: (value: unknown) =>
        (typeof value === 'number' && Number.isFinite(value)) ||
        (typeof value === 'string' && value.length <= 50),
      defaultMessage: (told) => `${told?.property} must be a number or decimal text such as "100.00"`,
    },
  });
}

/** A list of different subjects, or the word `owned`. */
export function IsSubjects(): PropertyDecorator {
  return ValidateBy({
    name: 'isSubjects',
    validator: {
      validate: (value: unknown) =>
        value === 'owned' ||
        (Array.isArray(value) &&
          value.length > 0 &&
          value.every(isSubject) &&
          new Set(value).size === value.length),
      defaultMessage: (told) =>
        `${told?.property} must be "owned" or a list of different subjects such as ["account:42"]`,
    },
  });
}

function isSubject(value: unknown): boolean {
  return typeof value === 'string' && SUBJECT.test(value);
}
