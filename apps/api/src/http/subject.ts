/** `kind:name`, such as `account:42`: what owns, follows, rules and audiences may name. */
export const SUBJECT = /^[A-Za-z][\w-]*:[^\u0000-\u001f\u007f]{1,180}$/;
export const SUBJECT_WORDS = { message: '$property must be subjects such as account:42' };
