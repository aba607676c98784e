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

/** What a notification says in our own words, before a channel gives it its shape. */
export function draftOf(body: NotificationBody, recipient: Recipient): Draft {
  switch (body.kind) {
    case 'alertFired':
      return draftFired(body.facts, recipient);
    case 'alertRecovered':
      return draftRecovered(body.facts, recipient);
    case 'alertLevel':
      return draftLevel(body.facts, recipient);
    case 'alertRepeated':
      return draftRepeated(body.facts, recipient);
    case 'alertUnstable':
      return draftUnstable(body.facts, recipient);
    case 'alertSettled':
      return draftSettled(body.facts, recipient);
    case 'serviceAlert':
      return draftServiceAlert(body.facts);
    case 'digest':
      return draftDigest(body.facts, (one) => draftOf(one, recipient));
    case 'contactPointLost':
      return draftContactPointLost(body.facts);
    case 'answer':
      return draftAnswer(body.facts);
    case 'verificationCode':
      return draftCode(body.facts, recipient);
    default:
      return body satisfies never;
  }
}
