import type { Verdict } from '../send-reason';

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const content: Verdict = { kind: 'rejected', reason: 'content' };
const blocked: Verdict = { kind: 'rejected', reason: 'blocked' };

/**
 * What the words in the body of a refused hook mean for one attempt; one that is missing leaves it to the HTTP status.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export const SLACK_WORDS: Readonly<Record<string, Verdict>> = {
  invalid_payload: content,
  invalid_blocks: content,
  no_text: content,
  missing_text_or_fallback_or_attachments: content,
  too_many_attachments: content,
  msg_too_long: content,
  user_not_found: address,
  channel_not_found: address,
  channel_is_archived: address,
  no_service: address, // the hook was removed or disabled
  no_service_id: address,
  no_team: address,
  team_disabled: address,
  invalid_token: address, // the secret part of the URL is not the hook's
  no_active_hooks: address,
  action_prohibited: blocked, // an admin of the workspace restricts hooks
  posting_to_general_channel_denied: blocked,
  rate_limited: { kind: 'retryable', reason: 'throttled' },
};
