import { ValidateBy, ValidateIf } from 'class-validator';
import { SUBJECT } from '../http/subject';

/** A level: an amount, or the name of a customer's attribute that it follows. */
export type Threshold = string | number | { attribute: string };

/** Name of a customer's attribute. */
export const ATTRIBUTE = /^[A-Za-z][\w.-]{0,49}$/;

/** How an amount is documented. */
export const AMOUNT = { oneOf: [{ type: 'string', example: '100.00' }, { type: 'number' }] };
export const THRESHOLD = {
  oneOf: [
    ...AMOUNT.oneOf,
    {
      type: 'object',
      required: ['attribute'],
      properties: { attribute: { type: 'string', example: 'limit' } },
      additionalProperties: false,
    },
  ],
};

/** Left out, or right: null is not the same as left out. */
export const MayBeLeftOut = () => ValidateIf((_, value) => value !== undefined);

/** A number, or decimal text; whether it fits the metric is known once the metric is. */
export function IsAmount(): PropertyDecorator {
  return ValidateBy({
    name: 'isAmount',
    validator: {
      validate: isAmount,
      defaultMessage: (told) => `${told?.property} must be a number or decimal text such as "100.00"`,
    },
  });
}

export function IsThreshold(): PropertyDecorator {
  return ValidateBy({
    name: 'isThreshold',
    validator: {
      validate: (value: unknown) => isAmount(value) || isAttribute(value),
      defaultMessage: (told) =>
        `${told?.property} must be a number, decimal text such as "100.00", or {"attribute": "limit"}`,
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

function isAmount(value: unknown): boolean {
  return (
    (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && value.length <= 50)
  );
}

function isAttribute(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const { attribute, ...rest } = value as { attribute?: unknown };
  return typeof attribute === 'string' && ATTRIBUTE.test(attribute) && Object.keys(rest).length === 0;
}
