import type { NoticePolicy } from '../notice-policy';
import type { Mutes, NoticeOutcome, NoticeState, Occasion } from './notice';
import { NoticeDesk } from './notice-desk';

/**
 * Decides which moments of an instance's alerts are told, and remembers what the next decision needs. Applied where
 * alerts are raised, never in the matcher: a message held back holds back no alert.
 *
 * Whatever became due up to the occasion's instant is decided first, in order. Repeats and digests that were missed
 * while nobody asked become one.
 *
 * @param state `NEW_NOTICE_STATE` for a new instance; it is not changed
 * @param mutes as they stand at the occasion
 * @throws RangeError for a time zone that is not known
 */
export function decideNotice(
  policy: NoticePolicy,
  state: NoticeState,
  occasion: Occasion,
  mutes: Mutes,
): NoticeOutcome {
  const desk = new NoticeDesk(policy, state, mutes);
  desk.takeDue(occasion.at);
  switch (occasion.kind) {
    case 'fired':
      desk.fired(occasion.at, occasion.level);
      break;
    case 'levelChanged':
      desk.levelChanged(occasion.at, occasion.level);
      break;
    case 'recovered':
      desk.recovered(occasion.at);
      break;
    case 'ended':
      desk.close();
      break;
    case 'mutesChanged':
      desk.mutesChanged(occasion.at);
      break;
    case 'due':
      break;
    default:
      occasion satisfies never;
  }
  return desk.outcome();
}
