import { CreateSchema1795305600000 } from './1795305600000-create-schema';

/** In order; a test compares this list with the folder. */
export const MIGRATIONS = [CreateSchema1795305600000];
