import { CreateSchema1795305600000 } from './1795305600000-create-schema';
import { ExtendRules1795392000000 } from './1795392000000-extend-rules';
import { ExtendDelivery1795478400000 } from './1795478400000-extend-delivery';
import { AddBroadcasts1795478500000 } from './1795478500000-add-broadcasts';

/** In order; a test compares this list with the folder. */
export const MIGRATIONS = [
  CreateSchema1795305600000,
  ExtendRules1795392000000,
  ExtendDelivery1795478400000,
  AddBroadcasts1795478500000,
];
