import type { ConsentWay } from '@app/persistence';
import { BY } from './consent-words';
import { markup, type Html, type Page } from './page';

export interface UnsubscribeState {
  way: ConsentWay;
  /** Title of the topic; null where the link is about everything. */
  topicTitle: string | null;
  /** Empty unless the topic cannot be switched off; then it is ended for this address alone. */
  criticalReason: string;
  isTopicEnded: boolean;
  isAllEnded: boolean;
  preferencesPath: string;
  /** True right after something was changed. */
  isDone: boolean;
}

/** Opening it changes nothing: mail scanners open every link. The buttons do. */
export function unsubscribePage(state: UnsubscribeState): Page {
  const where = markup`<strong>${state.way.addressHint}</strong> (${BY[state.way.channel]})`;
  return {
    title: state.isDone ? 'Saved' : 'Which messages do you want to end?',
    body: markup`${state.isDone && markup`<p class="done" role="status" tabindex="-1" autofocus>Your choice holds from now on.</p>`}
      ${state.topicTitle !== null && topicCard(state, where)}
      ${state.way.contactPointId !== null && allCard(state, where)}
      <p class="soft">
        Everything else, topic by topic: <a href="${state.preferencesPath}">your preferences</a>.
      </p>`,
  };
}

function topicCard(
  { topicTitle, isTopicEnded, isAllEnded, criticalReason }: UnsubscribeState,
  where: Html,
): Html {
  if (isAllEnded && !isTopicEnded) return markup``;
  if (isTopicEnded) {
    return markup`<section class="card">
      <p>You get no messages of <strong>${topicTitle}</strong> at ${where} any more.</p>
      ${button('topic-on', 'Get them again', true)}
    </section>`;
  }
  return markup`<section class="card">
    <p>End messages of <strong>${topicTitle}</strong> at ${where}.</p>
    ${criticalReason && markup`<p class="note">We would rather keep sending these: ${criticalReason}</p>`}
    ${button('topic-off', 'Unsubscribe from this topic')}
  </section>`;
}

function allCard({ isAllEnded }: UnsubscribeState, where: Html): Html {
  if (isAllEnded) {
    return markup`<section class="card">
      <p>Nothing is sent to ${where} any more.</p>
      ${button('all-on', 'Send to it again', true)}
    </section>`;
  }
  return markup`<section class="card">
    <p>
      End everything that we send to ${where}, important warnings included. You hear of it on your other
      addresses.
    </p>
    ${button('all-off', 'Unsubscribe from everything', true)}
  </section>`;
}

function button(act: UnsubscribeAct, words: string, isSecond = false): Html {
  return markup`<form method="post"><input type="hidden" name="act" value="${act}"><button${isSecond && markup` class="second"`}>${words}</button></form>`;
}

export const UNSUBSCRIBE_ACTS = ['topic-off', 'topic-on', 'all-off', 'all-on'] as const;
export type UnsubscribeAct = (typeof UNSUBSCRIBE_ACTS)[number];
