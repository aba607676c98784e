import type { Channel, Preference, TopicPolicy } from '@app/contracts';
import type { SuppressionRecord } from '@app/persistence';
import { SUPPRESSION_WORDS } from '../suppressions/suppression-view';
import { BY } from './consent-words';
import { markup, type Html, type Page } from './page';

export interface PreferencesState {
  topics: readonly TopicPolicy[];
  /** Columns: the channels that reach this customer. */
  channels: readonly Channel[];
  grid: readonly Preference[];
  suppressions: readonly SuppressionRecord[];
  isSaved: boolean;
}

/** Topics by channels, to be switched without a login and without a script. */
export function preferencesPage(state: PreferencesState): Page {
  return {
    title: 'Your preferences',
    body: markup`${state.isSaved && markup`<p class="done" role="status" tabindex="-1" autofocus>Saved. It holds from now on, also for what is waiting to be sent.</p>`}
      <form method="post">
        <div class="card">
          <table>
            <caption class="unseen">
              Topics, and on which channels you are told of them
            </caption>
            <thead>
              <tr>
                <th scope="col">Topic</th>
                ${state.channels.map((channel) => markup`<th scope="col">${capital(BY[channel])}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${state.topics.map((topic) => row(topic, state))}
            </tbody>
          </table>
        </div>
        <button name="act" value="save">Save</button>
      </form>
      ${state.suppressions.length > 0 && suppressed(state)}
      <p class="soft">
        Quiet hours, digests and the order of channels are kept with your account, behind its login.
      </p>`,
  };
}

function row(topic: TopicPolicy, { channels, grid }: PreferencesState): Html {
  const words = markup`<th scope="row">${topic.title}<small>${topic.description}</small></th>`;
  if (topic.isCritical) {
    return markup`<tr>
      ${words}
      <td colspan="${channels.length}" class="always">Always on. ${topic.criticalReason}</td>
    </tr>`;
  }
  const isOn = (channel: Channel): boolean =>
    grid.some((cell) => cell.topic === topic.topic && cell.channel === channel && cell.enabled);
  const cells = channels.map((channel) => box(topic.topic, channel, isOn(channel)));
  return markup`<tr>${words}${cells}</tr>`;
}

function box(topic: string, channel: Channel, isOn: boolean): Html {
  const checked = isOn && markup` checked`;
  return markup`<td><label><input type="checkbox" name="on" value="${topic} ${channel}"${checked}>
    <span class="name">${capital(BY[channel])}</span></label></td>`;
}

function suppressed({ suppressions, topics }: PreferencesState): Html {
  const titleOf = (topic: string): string => topics.find((one) => one.topic === topic)?.title ?? topic;
  return markup`<h2>Addresses that we do not send to</h2>
    <ul class="card">
      ${suppressions.map(
        (record) =>
          markup`<li>
            <strong>${record.addressHint}</strong> (${BY[record.channel]})${record.topic !== null && `, only messages of “${titleOf(record.topic)}”`}.
            ${SUPPRESSION_WORDS[record.reason]} ${wayBack(record)}
          </li>`,
      )}
    </ul>`;
}

function wayBack({ suppressionId, reason, source }: SuppressionRecord): Html {
  if (reason === 'optedOut' && source.startsWith('link:')) {
    return markup`<form method="post"><input type="hidden" name="suppression" value="${suppressionId}">
      <button class="second" name="act" value="undo">Send to it again</button></form>`;
  }
  const words =
    reason === 'optedOut'
      ? 'Text START to get messages again.'
      : 'If that is wrong, ask us to look at it: the appeal is in your account.';
  return markup`<span class="soft">${words}</span>`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
