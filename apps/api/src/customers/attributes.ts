import { ValidateBy } from 'class-validator';
import { ATTRIBUTE } from '../rules/rule-validators';

const MAX_ATTRIBUTES = 100;
const DECIMAL = /^-?\d{1,20}(\.\d{1,9})?$/;

/** How attributes are documented. */
export const ATTRIBUTES = {
  type: 'object',
  additionalProperties: { type: 'string' },
  example: { limit: '100.00' },
} as const;

/** Decimal text by name; text, since a JSON number may have been rounded before it was written. */
export function IsAttributes(): PropertyDecorator {
  return ValidateBy({
    name: 'isAttributes',
    validator: {
      validate: isAttributes,
      defaultMessage: (told) =>
        `${told?.property} must be at most ${MAX_ATTRIBUTES} decimal texts by name, such as {"limit": "100.00"}`,
    },
  });
}

function isAttributes(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_ATTRIBUTES &&
    entries.every(([name, text]) => ATTRIBUTE.test(name) && typeof text === 'string' && DECIMAL.test(text))
  );
}
