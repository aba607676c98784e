import { ValidateBy } from 'class-validator';
import { readTime } from '@app/contracts';

/** An instant with its zone that exists on the calendar. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => !Number.isNaN(readTime(value)),
      defaultMessage: (told) =>
        `${told?.property} must be an RFC 3339 time with a zone such as "2027-01-31T18:00:00Z"`,
    },
  });
}
