import type { Verdict } from '../send-reason';

interface Row {
  code: number;
  says: RegExp;
  verdict: Verdict;
}

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const content: Verdict = { kind: 'rejected', reason: 'content' };
const blocked: Verdict = { kind: 'rejected', reason: 'blocked' };
const token: Verdict = { kind: 'rejected', reason: 'unauthorized' };

/**
 * What `error_code` and `description` of the bot API mean for one attempt; the first row that fits counts, none leaves it
 * to the HTTP status, which is the same number.
 * @see https://core.telegram.org/bots/api#making-requests
 */
const ROWS: readonly Row[] = [
  {
    code: 400,
    says: /chat not found|user not found|PEER_ID_INVALID|chat_id|upgraded to a supergroup/i,
    verdict: address,
  },
  { code: 400, says: /message (text )?is (too long|empty)|text must be|encoded in UTF-8/i, verdict: content },
  {
    code: 400,
    says: /not enough rights|have no rights|CHAT_WRITE_FORBIDDEN|TOPIC_CLOSED/i,
    verdict: blocked,
  },
  { code: 401, says: /./, verdict: token },
  { code: 403, says: /deactivated|group chat was deleted/i, verdict: address },
  { code: 403, says: /./, verdict: blocked }, // blocked by the user, kicked, or never started by them
  { code: 404, says: /./, verdict: token }, // of all things: a token that is none
];

export function telegramVerdict(code: number, description: string): Verdict | null {
  return ROWS.find((row) => row.code === code && row.says.test(description))?.verdict ?? null;
}
