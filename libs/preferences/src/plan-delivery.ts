import type { Channel, Notification } from '@app/contracts';
import { chooseStep, placeOf, stepsInForce, type Place, type StepChoice } from './choose-step';
import { expectedChannels } from './expected-channels';
import { judgeOnlyWay, judgeWay, type Verdict } from './judge-way';
import type { Plan } from './plan';
import { PlanInTheMaking } from './plan-in-the-making';
import { waysTo, type KnownWay, type Recipient } from './recipient';

export interface JudgedWay {
  way: KnownWay;
  verdict: Verdict;
}

/**
 * Decides what becomes of one notification on each of a customer's ways, and why.
 *
 * First match wins: an address that must not be used; a critical topic; the channels the rule asks for; the
 * customer's switch; the topic's channels. Of the ways that are open then: the order of channels (only the first step
 * that can reach anybody is told now), the digest, quiet hours and holidays (they defer, never drop), caps (what is
 * over goes to a digest). A critical topic passes everything but the address, and goes to the next best channel where
 * its own cannot be used. The inbox interrupts nobody: it is told at once, whatever the hour.
 *
 * A verification code and an answer go to their contact point alone and at once, a digest to its own outside quiet hours;
 * the loss of a contact point is told on all others; a recovery to those who heard of the firing, so that nobody hears
 * that an unknown trouble is over.
 *
 * @param notification to one customer; a public post has no ways to choose from and is not planned here
 * @param now epoch ms
 * @returns `decisions` names each way once, in the order of the contact points, the inbox last, then the channels on
 *   which there is nothing to send to; never empty, except that where `recipient.fromStep` is not 0, it names only the
 *   ways of the steps it comes to. A way is sent, deferred, in a digest, waiting for its step, or suppressed.
 * @throws RangeError for an unknown time zone: it is refused when a customer is saved
 */
export function planDelivery(notification: Notification, recipient: Recipient, now: number): Plan {
  const judged = judgeWays(notification, recipient, now);
  const order = stepsInForce(recipient, notification.body.kind);
  const { fromStep, topic } = recipient;
  const choice = order && chooseStep(order, fromStep, openChannels(judged), topic.isCritical);

  const plan = new PlanInTheMaking(notification, recipient, now, choice);
  const placed = judged.map((each) => ({ ...each, place: placeIn(choice, each) }));
  const told = placed.map((each) => (each.place === 'now' ? plan.decide(each) : null));
  placed.forEach((each, index) => {
    if (each.place !== 'decided') plan.decisions.push(told[index] ?? plan.decideLater(each));
  });
  for (const channel of expectedChannels(notification, recipient, { judged, choice })) plan.miss(channel);
  return plan.done();
}

function judgeWays(notification: Notification, recipient: Recipient, now: number): JudgedWay[] {
  const { body } = notification;
  const ways = waysTo(recipient);
  if (body.kind === 'verificationCode' || body.kind === 'answer')
    return ways
      .filter((way) => way.contactPointId === body.facts.contactPointId)
      .map((way) => ({ way, verdict: judgeOnlyWay(way, body, recipient, now) }));

  const steps = stepsInForce(recipient, body.kind)?.steps ?? null;
  const judged = ways
    .filter((way) => body.kind !== 'digest' || way.contactPointId === body.facts.contactPointId)
    .map((way) => ({ way, verdict: judgeWay(way, notification, recipient, steps) }));
  return recipient.topic.isCritical ? judged.map(orNextBest(judged, recipient)) : judged;
}

/** What is critical goes where it should not, before it goes only where nobody is woken. */
function orNextBest(judged: readonly JudgedWay[], { topic }: Recipient): (each: JudgedWay) => JudgedWay {
  const isHeard = judged.some(({ way, verdict }) => way.channel !== 'inbox' && 'open' in verdict);
  return ({ way, verdict }) => {
    const isUnused =
      'shut' in verdict && (verdict.shut === 'channelNotAsked' || verdict.shut === 'notByDefault');
    if (isHeard || !isUnused) return { way, verdict };
    return { way, verdict: { open: 'nextBest', ruleIds: [`topic.${topic.topic}.critical`] } };
  };
}

function openChannels(judged: readonly JudgedWay[]): Set<Channel> {
  return new Set(judged.flatMap(({ way, verdict }) => ('open' in verdict ? [way.channel] : [])));
}

/** A way that is shut is told so at once, unless an earlier plan did. */
function placeIn(choice: StepChoice | null, { way, verdict }: JudgedWay): Place {
  if (!choice) return 'now';
  const place = placeOf(way.channel, choice);
  return 'shut' in verdict && place !== 'decided' ? 'now' : place;
}
