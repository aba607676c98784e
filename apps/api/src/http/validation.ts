import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { invalid, type FieldProblem } from './problem';

/** Unknown fields are refused, not dropped: a misspelt field must not look as if it had worked. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    exceptionFactory: (errors) => invalid(errors.flatMap((error) => fieldProblems(error, ''))),
  });
}

function fieldProblems(error: ValidationError, path: string): FieldProblem[] {
  const field = pathTo(path, error.property);
  const own = Object.entries(error.constraints ?? {}).map(([name, message]) => ({
    field,
    ...(name === 'whitelistValidation' ? UNKNOWN_FIELD : inWords(message, error.property)),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldProblems(child, field))];
}

/** `when.all[1].threshold`, as one would write it in a program. */
function pathTo(path: string, property: string): string {
  if (path === '') return property;
  return /^\d+$/.test(property) ? `${path}[${property}]` : `${path}.${property}`;
}

const UNKNOWN_FIELD = { problem: 'is not a field of this request', wouldBeRight: 'leave it out' };

/** The validator's messages say what must be; here they say it in two parts. */
function inWords(message: string, property: string): Omit<FieldProblem, 'field'> {
  const problem = message.replace(new RegExp(`^${property.replace(/[^\w]/g, '\\$&')} `), '');
  const rule = /(?:must be|must have|should be) (.+)$/.exec(problem) ?? /must (not .+)$/.exec(problem);
  return { problem, wouldBeRight: rule?.[1] ?? problem };
}
