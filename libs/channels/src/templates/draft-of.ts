import type { NotificationBody } from '@app/contracts';
import {
  draftFired,
  draftLevel,
  draftRecovered,
  draftRepeated,
  draftSettled,
  draftUnstable,
} from './alert-draft';
import { draftAnswer } from './answer-draft';
import { draftCode } from './code-draft';
import { draftContactPointLost } from './contact-point-draft';
import { draftDigest } from './digest-draft';
import type { Draft, Recipient } from './draft';
import { draftServiceAlert } from './service-draft';

type Drafts = {
  [Body in NotificationBody as Body['kind']]: (facts: Body['facts'], recipient: Recipient) => Draft;
};

const DRAFTS: Drafts = {
  alertFired: draftFired,
  alertRecovered: draftRecovered,
  alertLevel: draftLevel,
  alertRepeated: draftRepeated,
  alertUnstable: draftUnstable,
  alertSettled: draftSettled,
  serviceAlert: draftServiceAlert,
  digest: (facts, recipient) => draftDigest(facts, recipient, (one) => draftOf(one, recipient)),
  contactPointLost: draftContactPointLost,
  answer: draftAnswer,
  verificationCode: draftCode,
};

/** What a notification says in our own words, before a channel gives it its shape. */
export function draftOf({ kind, facts }: NotificationBody, recipient: Recipient): Draft {
  const draft = DRAFTS[kind] as (facts: unknown, recipient: Recipient) => Draft; // kind and facts go together
  return draft(facts, recipient);
}
